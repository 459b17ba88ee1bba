// The outbox: an idea is kept on the phone with its key and receipt before the network is asked, and sent from there.
// A page without this module sends its form as browsers do.
import { beginning } from './excerpt.js';
import { startDraft } from './outbox_draft.js';
import { fill, linesOf, valuesOf } from './outbox_fields.js';
import { watchMistakes } from './outbox_mistakes.js';
import { keepForOffline } from './outbox_offline.js';
import { startPanel } from './outbox_panel.js';
import { startQueue } from './outbox_queue.js';
import { openStore } from './outbox_store.js';
import { newKey, newReceipt } from './receipt_code.js';

const DOUBLE_TAP_MS = 1000;
const EXCERPT_CHARACTERS = 120;

export async function start(section) {
  const form = document.querySelector('.idea-form');
  const draft = form && startDraft(form);
  const store = await openStore();
  const elsewhere = window.BroadcastChannel && new BroadcastChannel('forum-outbox');
  let replaced = null; // key of the entry that is being edited

  const panel = startPanel(section, store, {
    edit(entry) {
      if (!form || new URL(form.action).pathname !== entry.path) return location.assign(entry.path);
      if (form.elements.body.value.trim() && !confirm(section.dataset.overwrite)) return null;
      replaced = entry.key;
      fill(form, entry.fields);
      return form.elements.body.focus();
    },
    again(entry) {
      return store.put({ ...entry, state: 'waiting', attempts: 0 }).then(changed).then(() => wake());
    },
    discard: (entry) => removeIf(section.dataset.discard, entry),
    forget: (entry) => removeIf(section.dataset.forget, entry),
  });
  const changed = async () => {
    await panel.render();
    elsewhere?.postMessage('changed');
  };
  async function removeIf(question, entry) {
    if (!confirm(question)) return;
    await store.remove(entry.key);
    await changed();
  }
  elsewhere?.addEventListener('message', panel.renderSoon);
  const wake = startQueue(store, () => {
    panel.renderSoon();
    elsewhere?.postMessage('changed');
  });

  async function take() {
    const earlier = await store.all();
    const body = form.elements.body.value.trim();
    const entry = {
      key: newKey(), receipt: newReceipt(), order: Math.max(0, ...earlier.map((one) => one.order)) + 1,
      path: new URL(form.action).pathname, title: document.querySelector('h1').textContent,
      text: beginning(body, EXCERPT_CHARACTERS), lines: linesOf(form), fields: valuesOf(form),
      state: 'waiting', message: '', attempts: 0,
    };
    await store.put(entry);
    if (replaced) await store.remove(replaced);
    replaced = null;
    draft.next();
    await panel.show(entry);
    wake();
  }

  const isComplete = form && watchMistakes(form, section);
  let isBusy = false;
  let wasJustTaken = false; // the second tap of a double tap finds the form empty already
  form?.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isBusy || (wasJustTaken && !form.elements.body.value) || !isComplete()) return;
    isBusy = true;
    try {
      await take();
    } finally {
      isBusy = false;
    }
    wasJustTaken = true;
    setTimeout(() => { wasJustTaken = false; }, DOUBLE_TAP_MS);
  });
  addEventListener('beforeunload', (event) => {
    // Over plain http no page opens again without the network: what waits would wait for an address that is gone.
    const isLastPage = !navigator.serviceWorker && panel.isWaiting;
    if (store.isFragile || draft?.wouldBeLost || isLastPage) event.preventDefault();
  });
  await panel.render();
  wake();
  section.dataset.ready = 'yes';
  const ideas = document.querySelector('[data-ideas]')?.dataset.ideas; // what others wrote, to be found while offline
  keepForOffline(section.dataset.worker, [location.pathname, '/', ...ideas ? [ideas] : []]);
}
