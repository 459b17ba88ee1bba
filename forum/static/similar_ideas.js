// Up to three ideas of others that resemble what is being typed, each with a button to support it. Never in the way:
// nothing waits for it, and without a network the ideas that were fetched before still show. Support is a reaction:
// kept on the phone, then sent by the outbox.
import { openStore } from './outbox_store.js';
import { timeToWaitFor } from './outbox_queue.js';
import { openReactions } from './reactions_queue.js';
import { askStanding } from './reactions_standing.js';
import { prepare, similar } from './similar.js';

const MOST = 3;
const PAUSE_MS = 600;
const LEAST_CHARACTERS = 12;
const AGAIN_MS = 600000; // an open page asks for newer ideas then, if somebody writes; often it is told 304

export async function enrich(section) {
  const words = section.dataset;
  const input = document.getElementById(words.input);
  const list = section.querySelector('ul');
  const rows = new Map(); // id of an idea that is shown → its { button, answer }
  const supported = new Set(); // ids, as far as this page saw
  const standing = askStanding(words.standing);
  let known; // a promise of what `load` returns
  let loadedAt = 0;
  let shown = '';
  let timer;
  const reactions = await openReactions(words.react, told);

  async function load() {
    // What a phone kept of an earlier version knows no kinds.
    const { index, texts, kinds = [], kind_of = '', corrected = {} } = await (await fetch(words.ideas)).json();
    const prepared = prepare(index);
    const ideas = new Map(index.ids.map((id, place) => [id, {
      id, number: corrected[id] ?? 1, kind: kinds[kind_of[place]], text: texts[id],
    }]));
    return (typed, own) => similar(prepared, typed, MOST + own.size).filter(([id]) => !own.has(id)).slice(0, MOST)
      .map(([id]) => ideas.get(id));
  }

  async function look() {
    const typed = input.value.trim();
    if (typed.length < LEAST_CHARACTERS) return show([]);
    try {
      if (!known) {
        known = load();
        loadedAt = performance.now();
      } else if (performance.now() - loadedAt > AGAIN_MS) {
        loadedAt = performance.now();
        load().then((find) => { known = find; }, () => {}); // until it is here, or without a network, the earlier ones
      }
      const find = await known;
      const own = new Set((await (await openStore()).all()).map(({ id }) => id)); // the server refuses support of these
      const found = find(typed, own);
      const still = await standing(found); // the list may be some minutes old
      if (still.length < found.length) loadedAt = -Infinity; // what was corrected comes back in its newest words
      return show(still);
    } catch {
      known = undefined; // no network yet: the next pause tries again
      return undefined;
    }
  }

  function show(found) {
    section.hidden = !found.length;
    const said = JSON.stringify(found);
    if (said === shown) return;
    shown = said;
    rows.clear();
    list.replaceChildren(...found.map(item));
    reactions.tell();
  }

  function item(idea) {
    const entry = document.createElement('li');
    const quote = document.createElement('p');
    quote.textContent = idea.text;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button';
    button.textContent = words.support;
    const answer = document.createElement('span');
    answer.setAttribute('role', 'status');
    button.addEventListener('click', () => support(idea, button));
    entry.append(quote, button, answer);
    rows.set(idea.id, { button, answer });
    return entry;
  }

  async function support(idea, button) {
    if (button.getAttribute('aria-disabled')) return;
    button.setAttribute('aria-disabled', 'true');
    await reactions.take(idea, 'agree');
    supported.add(idea.id);
    await reactions.tell();
    button.removeAttribute('aria-disabled');
  }

  // What became of the support of each idea that is shown, also of one given before this page was opened.
  function told(waiting, refused) {
    const waits = new Set(waiting.map(({ about }) => about.id));
    const time = timeToWaitFor(waiting); // all wait for the same: what is too many is too many of one kind
    const state = words[reactions.isFragile ? 'here' : 'waiting'] + (time ? ` ${words.limit.replace('{time}', time)}` : '');
    waits.forEach((id) => supported.add(id));
    const whyNot = new Map(refused.map(({ about, message }) => [about.id, message]));
    for (const [id, { button, answer }] of rows) {
      const arrived = supported.has(id) ? words.thanks : '';
      const says = waits.has(id) ? state : whyNot.get(id) ?? arrived;
      if (answer.textContent !== says) answer.textContent = says;
      button.hidden = Boolean(says) && !whyNot.has(id);
    }
  }

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  });
  timer = setTimeout(look, PAUSE_MS);
}
