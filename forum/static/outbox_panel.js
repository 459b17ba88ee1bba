// The phone's entries on the page: the newest as a receipt, all of them as a list, each with its state in words.
import { groups } from './receipt_code.js';

const PILLS = { waiting: 'warn', sent: 'good', refused: 'bad' };

// `actions`: { edit(entry), discard(entry), forget(entry) }.
export function startPanel(section, store, actions) {
  const words = section.dataset;
  const now = section.querySelector('[data-part=now]');
  const all = section.querySelector('[data-part=all]');
  const pattern = section.querySelector('template').content.firstElementChild;
  const part = (place, name) => place.querySelector(`[data-part=${name}]`);
  let newest = null;

  function shown(entry) {
    const item = pattern.cloneNode(true);
    const state = part(item, 'state');
    const code = groups(entry.receipt);
    state.textContent = entry.state === 'sent' ? words.sent.replace('{code}', code.join('')) : words[entry.state];
    state.classList.add(PILLS[entry.state]);
    part(item, 'text').textContent = entry.text;
    part(item, 'title').textContent = entry.title;
    const isRefused = entry.state === 'refused';
    part(item, 'message').textContent = isRefused ? entry.message || words.tooBig : '';
    part(item, 'message').hidden = !isRefused;
    part(item, 'code').replaceChildren(...code.map(span));
    part(item, 'code').hidden = entry.state !== 'waiting';
    const link = part(item, 'link');
    link.href = `${words.receipts}/${entry.receipt}`;
    link.hidden = entry.state !== 'sent';
    for (const [name, isOffered] of [['edit', isRefused], ['discard', isRefused], ['forget', entry.state === 'sent']]) {
      const button = part(item, name);
      button.hidden = !isOffered;
      button.addEventListener('click', () => actions[name](entry));
    }
    return item;
  }

  async function render() {
    const entries = (await store.all()).reverse();
    const unsent = entries.filter((entry) => entry.state !== 'sent');
    const latest = entries.find((entry) => entry.key === newest);
    now.hidden = !latest || latest.state === 'refused';
    if (!now.hidden) {
      part(now, 'says').textContent = latest.state === 'sent' ? words.arrived : words.waiting;
      part(now, 'advice').textContent = latest.state === 'sent' ? words.keep : words.later;
      part(now, 'code').replaceChildren(...groups(latest.receipt).map(span));
      part(now, 'link').href = `${words.receipts}/${latest.receipt}`;
      part(now, 'link').parentElement.hidden = latest.state !== 'sent';
    }
    part(all, 'count').textContent = entries.length;
    part(all, 'list').replaceChildren(...entries.map(shown));
    part(all, 'save').hidden = !unsent.length;
    all.hidden = !entries.length;
    // What needs a look, or has not arrived, is not hidden behind a line to tap.
    const needsALook = unsent.some((entry) => entry.state === 'refused' || entry.key !== newest);
    if (needsALook && !words.opened) all.open = true;
    if (needsALook) words.opened = 'yes';
    part(section, 'fragile').hidden = !store.isFragile;
    section.hidden = !entries.length;
  }

  part(all, 'save').addEventListener('click', async () => {
    const unsent = (await store.all()).filter((entry) => entry.state !== 'sent');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([unsent.map(asText).join('\n\n')], { type: 'text/plain;charset=utf-8' }));
    link.download = words.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  });

  return {
    render,
    async show(entry) {
      newest = entry.key;
      await render();
      now.focus();
      now.scrollIntoView({ block: 'start' });
    },
  };
}

const asText = (entry) => [entry.title, ...entry.lines.map(([name, said]) => `${name}\n${said}`)].join('\n\n');

function span(text) {
  const element = document.createElement('span');
  element.textContent = text;
  return element;
}
