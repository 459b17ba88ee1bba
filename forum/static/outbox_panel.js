// The phone's entries on the page: the newest as a receipt, all of them as a list, each with its state in words.
import { timeToWaitFor } from './outbox_queue.js';
import { groups } from './receipt_code.js';

const PILLS = { waiting: 'warn', sent: 'good', refused: 'bad', stuck: 'bad' };
const FEW = 5; // entries on their way that are shown without a tap; more would push the form out of sight
const SOON_MS = 150;

const needsADecision = (entry) => entry.state === 'refused' || entry.state === 'stuck';

// `actions`: { edit(entry), again(entry), discard(entry), forget(entry) }.
export function startPanel(section, store, actions) {
  const words = section.dataset;
  const now = section.querySelector('[data-part=now]');
  const all = section.querySelector('[data-part=all]');
  const pattern = section.querySelector('template').content.firstElementChild;
  const part = (place, name) => place.querySelector(`[data-part=${name}]`);
  const rows = new Map(); // key → { item, drawn: what it shows }
  let newest = null;
  let timer = null;
  let isWaiting = false; // as of what is shown

  function stateOf(entry) {
    if (entry.state === 'sent') return words.sent.replace('{code}', groups(entry.receipt).join(''));
    return entry.state === 'waiting' && store.isOnlyHere(entry.key) ? words.here : words[entry.state];
  }

  function shown(entry) {
    const item = pattern.cloneNode(true);
    const state = part(item, 'state');
    state.textContent = stateOf(entry);
    state.classList.add(PILLS[entry.state]);
    part(item, 'text').textContent = entry.text;
    part(item, 'title').textContent = entry.title;
    part(item, 'message').textContent = entry.state === 'stuck' ? words.stuckWhy : entry.message || words.tooBig;
    part(item, 'message').hidden = !needsADecision(entry);
    part(item, 'code').replaceChildren(...groups(entry.receipt).map(span));
    part(item, 'code').hidden = entry.state !== 'waiting';
    const link = part(item, 'link');
    link.href = `${words.receipts}/${entry.receipt}`;
    link.hidden = entry.state !== 'sent';
    const offered = {
      edit: entry.state === 'refused', again: entry.state === 'stuck', discard: needsADecision(entry),
      forget: entry.state === 'sent',
    };
    for (const [name, isOffered] of Object.entries(offered)) {
      const button = part(item, name);
      button.hidden = !isOffered;
      button.addEventListener('click', () => actions[name](entry));
    }
    return item;
  }

  // Only what changed is drawn anew: whoever is about to press a button of another entry keeps it under the finger.
  function list(entries) {
    const place = part(all, 'list');
    const keys = new Set(entries.map(({ key }) => key));
    for (const [key, { item }] of rows) {
      if (keys.has(key)) continue;
      item.remove();
      rows.delete(key);
    }
    entries.forEach((entry, number) => {
      const drawn = [stateOf(entry), entry.message, entry.text].join('\n');
      const row = rows.get(entry.key);
      if (row?.drawn !== drawn) {
        const item = shown(entry);
        row?.item.replaceWith(item);
        rows.set(entry.key, { item, drawn });
      }
      const { item } = rows.get(entry.key);
      if (place.children[number] !== item) place.insertBefore(item, place.children[number] || null);
    });
  }

  async function render() {
    const entries = (await store.all()).filter(isIdea).reverse();
    const unsent = entries.filter((entry) => entry.state !== 'sent');
    isWaiting = entries.some((entry) => entry.state === 'waiting');
    const time = timeToWaitFor(entries);
    const latest = entries.find((entry) => entry.key === newest);
    now.hidden = !latest || needsADecision(latest);
    if (!now.hidden) {
      const isSent = latest.state === 'sent';
      const isOnlyHere = store.isOnlyHere(newest);
      part(now, 'says').textContent = isSent ? words.arrived : stateOf(latest);
      part(now, 'advice').textContent = isSent ? words.keep : isOnlyHere ? words.stay
        : time ? words.limit.replace('{time}', time) : words.later;
      part(now, 'code').replaceChildren(...groups(latest.receipt).map(span));
      part(now, 'link').href = `${words.receipts}/${latest.receipt}`;
      part(now, 'link').parentElement.hidden = !isSent;
    }
    part(all, 'count').textContent = entries.length
      + (unsent.length ? `, ${words.unsent.replace('{n}', unsent.length)}` : '')
      + (time ? `, ${words.again.replace('{time}', time)}` : '');
    const decisions = entries.filter(needsADecision);
    list([...decisions, ...entries.filter((entry) => !needsADecision(entry))]);
    part(all, 'save').hidden = !unsent.length;
    all.hidden = !entries.length;
    // What needs a look, or has not arrived, is not hidden behind a line to tap.
    const older = unsent.filter((entry) => entry.key !== newest).length;
    const needsALook = decisions.length || store.isFragile || (older && unsent.length <= FEW);
    if (needsALook && !words.opened) all.open = true;
    if (needsALook) words.opened = 'yes';
    part(section, 'fragile').hidden = !store.isFragile;
    section.hidden = !entries.length;
  }

  part(all, 'save').addEventListener('click', async () => {
    const unsent = (await store.all()).filter((entry) => isIdea(entry) && entry.state !== 'sent');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([unsent.map((entry) => asText(entry, words.code)).join('\n\n')], { type: 'text/plain;charset=utf-8' }));
    link.download = words.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  });

  return {
    render,
    get isWaiting() { return isWaiting; },
    // When much happens in a row, the page is drawn now and then, not each time.
    renderSoon() {
      timer ??= setTimeout(() => {
        timer = null;
        render();
      }, SOON_MS);
    },
    async show(entry) {
      newest = entry.key;
      await render();
      now.focus();
      now.scrollIntoView({ block: 'start' });
    },
  };
}

const isIdea = (entry) => entry.kind !== 'reaction'; // those have a page of their own

// With the code, which stays the same until it arrives; what was refused gets another one when it is sent again.
const asText = ({ title, lines, state, receipt }, code) => [
  title, ...lines.map((line) => line.join('\n')), ...state === 'refused' ? [] : [`${code}\n${groups(receipt).join('')}`],
].join('\n\n');

function span(text) {
  const element = document.createElement('span');
  element.textContent = text;
  return element;
}
