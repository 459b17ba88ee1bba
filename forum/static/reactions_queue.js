// Reactions on their way: each choice is kept on the phone with its own key, and the outbox sends it.
import { startQueue, timeToWaitFor } from './outbox_queue.js';
import { openStore } from './outbox_store.js';
import { newReaction, openMemory } from './reactions_memory.js';

// `path`: of the page that takes reactions; `changed(waiting, refused)`: called whenever either list may be another.
export async function openReactions(path, changed) {
  const store = await openStore();
  const memory = openMemory(path);
  const elsewhere = window.BroadcastChannel && new BroadcastChannel('forum-outbox');
  let isOpen = false;

  async function entries() {
    return (await store.all()).filter((entry) => entry.kind === 'reaction' && entry.path === path);
  }
  async function tell() {
    const all = await entries();
    if (isOpen) changed(all.filter(isWaiting), all.filter((entry) => !isWaiting(entry)));
  }
  elsewhere?.addEventListener('message', tell);
  const wake = startQueue(store, async () => {
    await tell();
    elsewhere?.postMessage('changed');
  });
  addEventListener('beforeunload', (event) => {
    if (store.isFragile) event.preventDefault();
  });
  return {
    memory,
    wake,
    get isFragile() { return store.isFragile; },
    waiting: async () => (await entries()).filter(isWaiting),
    tell() {
      isOpen = true;
      return tell();
    },
    // Kept on the phone when the promise is fulfilled.
    async take(statement, value) {
      const before = (await entries()).filter(({ about, state }) => about.id === statement.id && state !== 'waiting');
      await store.put(newReaction(memory, path, statement, value));
      for (const { key } of before) await store.remove(key); // what was refused is said no more
      wake();
      await tell();
    },
    async dismiss(entry) {
      await store.remove(entry.key);
      await tell();
    },
  };
}

// How many wait, and where the server had too many of them, until when.
export function spoken(waiting, { some, limit }) {
  const time = timeToWaitFor(waiting);
  return [waiting.length && some.replace('{n}', waiting.length), time && limit.replace('{time}', time)]
    .filter(Boolean).join('. ');
}

const isWaiting = (entry) => entry.state === 'waiting';
