// One entry of others after the other. The page works without this: here the phone keeps some entries ahead, keeps each
// choice until it is sent, and lets fingers swipe and arrow keys choose.
import { beginning } from './excerpt.js';
import { keepForOffline } from './outbox_offline.js';
import { startDeck } from './reactions_deck.js';
import { giveHands } from './reactions_hands.js';
import { openReactions, spoken } from './reactions_queue.js';

const BREATH_MS = 250; // the second tap of a double tap is no choice about the next entry
const EXCERPT_CHARACTERS = 80;

export async function start(section) {
  const part = (name) => section.querySelector(`[data-part=${name}]`);
  const form = section.querySelector('.reaction-form');
  const path = new URL(form.action).pathname;
  const buttons = Object.fromEntries([...form.querySelectorAll('[data-swipe]')].map((one) => [one.dataset.swipe, one]));
  let shown = null; // { id, kind, text, … } or nothing left
  let shownAt = 0;
  let turn = Promise.resolve();
  let last = null; // { statement, value }: what was chosen before

  const reactions = await openReactions(path, told);
  const { current, earlier } = section.dataset;
  const first = JSON.parse(section.dataset.first);
  const deck = startDeck(section.dataset.ahead, section.dataset.standing, reactions, !first, () => next(() => !shown));

  function told(waiting, refused) {
    part('waiting').textContent = spoken(waiting, part('waiting').dataset);
    part('fragile').hidden = !reactions.isFragile;
    part('refused').replaceChildren(...refused.map(refusal));
    part('refused').hidden = !refused.length;
    if (!waiting.length && !shown) deck.refill();
  }

  function refusal(entry) {
    const item = part('refusal').content.firstElementChild.cloneNode(true);
    item.querySelector('[data-part=refused-text]').textContent = beginning(entry.text, EXCERPT_CHARACTERS);
    item.querySelector('[data-part=refused-why]').textContent = entry.message || part('refused').dataset.stuck;
    item.querySelector('button').addEventListener('click', () => reactions.dismiss(entry));
    return item;
  }

  // One after the other: two at once would each take an entry, and one of them would never be seen.
  function next(isNeeded = () => true) {
    turn = turn.then(async () => { if (isNeeded()) show(await deck.next()); });
    return turn;
  }

  function show(statement, value = null) {
    shown = statement;
    part('card').hidden = !statement;
    part('done').hidden = Boolean(statement) || !deck.isComplete;
    part('later').hidden = Boolean(statement) || deck.isComplete;
    for (const button of Object.values(buttons)) {
      if (value) button.setAttribute('aria-pressed', String(button.value === value));
      else button.removeAttribute('aria-pressed');
    }
    shownAt = performance.now();
    if (!statement) return;
    form.elements.submission.value = statement.id;
    part('text').textContent = statement.text;
    const pill = section.querySelector(`template[data-kind="${statement.kind}"]`); // none for a choice of an earlier version
    part('kind').replaceChildren(...pill ? [pill.content.cloneNode(true)] : []);
  }

  function remember(statement, value) {
    last = { statement, value };
    part('last').hidden = false;
    part('last-stance').textContent = Object.values(buttons).find((one) => one.value === value).textContent.trim();
    part('last-text').textContent = beginning(statement.text, EXCERPT_CHARACTERS);
  }

  async function choose(button) {
    if (!shown || !button || performance.now() - shownAt < BREATH_MS) return;
    const statement = shown;
    const hadFocus = section.contains(document.activeElement);
    shownAt = Infinity; // until the next one is there
    await reactions.take(statement, button.value);
    remember(statement, button.value);
    await next();
    if (hadFocus && !form.contains(document.activeElement)) part(shown ? 'statement' : 'last').focus();
  }

  // Not "submit": older browsers do not say which button it was.
  for (const button of Object.values(buttons)) {
    button.addEventListener('click', (event) => {
      event.preventDefault();
      choose(button);
    });
  }
  part('change').addEventListener('click', (event) => {
    event.preventDefault();
    if (shown?.id === last.statement.id) return;
    if (shown) deck.putBack(shown);
    show(last.statement, last.value);
    part('statement').focus();
  });
  giveHands(part('statement'), buttons, choose);

  const [newest] = (await reactions.waiting()).reverse();
  if (newest) remember(newest.about, newest.fields[1][1]);
  else if (earlier) remember(...Object.values(JSON.parse(earlier)));
  if (first && current) show(first, current); // opened to change an earlier choice
  else {
    if (first) deck.putBack(first);
    await next();
  }
  section.querySelectorAll('[data-with-scripts]').forEach((hint) => { hint.hidden = false; });
  await reactions.tell();
  reactions.wake();
  section.dataset.ready = 'yes';
  keepForOffline(section.dataset.worker, [path, `${path}/mine`, section.dataset.ahead]);
}
