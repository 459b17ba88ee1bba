// Where entries wait: in IndexedDB, else in localStorage, else only in this page (then a warning stands on it).
//
// An entry: { key, receipt, order, path and title of its sitting, text (to recognise it), lines (to read, until it
// is sent), fields (to send; until it is sent), state: 'waiting' | 'sent' | 'refused' | 'stuck', message, attempts,
// until: the moment before which the server, with too many, wants no more of its kind, id: the server's, once it is
// sent }.
// A reaction has `kind: 'reaction'`, no receipt, title or lines, and is gone once it is sent.
const NAME = 'forum-outbox';
const PREFIX = 'forum-outbox:';
const PATIENCE_MS = 4000;

let asked; // whether the browser was asked not to clear this away when the phone gets full
let store; // a promise, and one for the page: what only the page holds is seen by all its parts

export const openStore = () => store ??= open();

async function open() {
  const opened = await Promise.allSettled([openDatabase, openLocal].map((open) => inTime(open())));
  return new Store(opened.filter(({ status }) => status === 'fulfilled').map(({ value }) => value));
}

class Store {
  #places; // the better one first; a later one holds what an earlier one could not take any more
  #here = new Map(); // what could not be kept on the phone

  constructor(places) { this.#places = places; }

  // Whether closing this page would lose something unsent.
  get isFragile() { return [...this.#here.values()].some((entry) => entry.state !== 'sent'); }

  isOnlyHere(key) { return this.#here.has(key); }

  async all() {
    const entries = new Map();
    for (const place of this.#places) {
      try {
        for (const entry of await inTime(place.all())) entries.set(entry.key, entry);
      } catch { /* what is in the page, or in the other place, is still there */ }
    }
    for (const [key, entry] of this.#here) entries.set(key, entry);
    return [...entries.values()].sort((a, b) => a.order - b.order);
  }

  // Never fails: an entry that the phone cannot keep (storage full, a private window) stays in the page.
  async put(entry) {
    for (const [number, place] of this.#places.entries()) {
      try {
        await inTime(place.put(entry));
      } catch {
        continue;
      }
      asked ??= navigator.storage?.persist?.().catch(() => {});
      this.#here.delete(entry.key);
      await forget(this.#places.slice(number + 1), entry.key);
      return;
    }
    this.#here.set(entry.key, entry);
  }

  async remove(key) {
    this.#here.delete(key);
    await forget(this.#places, key);
  }
}

async function forget(places, key) {
  await Promise.allSettled(places.map((place) => inTime(place.remove(key))));
}

function inTime(promise) {
  return Promise.race([promise, new Promise((_done, fail) => setTimeout(fail, PATIENCE_MS, new Error('no answer')))]);
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
}

async function openDatabase() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('entries', { keyPath: 'key' });
  const database = await done(opening);
  const change = (work) => new Promise((resolve, reject) => {
    // On the disk, not only on its way there, before the page says that it is kept.
    const transaction = database.transaction('entries', 'readwrite', { durability: 'strict' });
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
    work(transaction.objectStore('entries'));
  });
  return {
    all: () => done(database.transaction('entries').objectStore('entries').getAll()),
    put: (entry) => change((entries) => entries.put(entry)),
    remove: (key) => change((entries) => entries.delete(key)),
  };
}

async function openLocal() {
  localStorage.setItem(PREFIX, '');
  localStorage.removeItem(PREFIX);
  return {
    all: async () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))
      .map((name) => JSON.parse(localStorage.getItem(name))),
    put: async (entry) => {
      if (entry.fields?.some(([, value]) => value instanceof Blob)) throw new Error('no place for files');
      localStorage.setItem(PREFIX + entry.key, JSON.stringify(entry));
    },
    remove: async (key) => localStorage.removeItem(PREFIX + key),
  };
}
