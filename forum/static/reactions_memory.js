// What this phone chose, so that nothing is offered twice and a later choice has the greater sequence.
import { newKey } from './receipt_code.js';

const SEQUENCE = 'forum-reaction-sequence';

// `path`: of the page that takes the reactions.
export function openMemory(path) {
  const name = `forum-reacted:${path}`;
  const chosen = new Map(Object.entries(read(name) || {})); // id → sequence of the latest choice
  let last = Number(read(SEQUENCE)) || 0;

  return {
    // A sequence for a new choice: the clock in milliseconds, but above everything that this phone or the server knows.
    next(id) {
      last = Math.max(Date.now(), last + 1, Number(read(SEQUENCE)) + 1 || 0);
      chosen.set(String(id), last);
      write(SEQUENCE, last);
      write(name, Object.fromEntries(chosen));
      return last;
    },
    // Whether the server could not know of the latest choice when it made an offer; it knew `sequence`.
    isNewer: (id, sequence) => chosen.get(String(id)) > sequence,
    // What a fresh offer says that the server knows need not be remembered here.
    learn(sequence) {
      last = Math.max(last, sequence);
      for (const [id, mine] of chosen) if (mine <= sequence) chosen.delete(id);
      write(name, Object.fromEntries(chosen));
    },
  };
}

// What the outbox keeps and sends: the choice `value` about `statement`, { id, kind, text }.
export function newReaction(memory, path, { id, kind, text }, value) {
  const sequence = memory.next(id);
  return {
    kind: 'reaction', key: newKey(), order: sequence, path, text, about: { id, kind, text }, state: 'waiting',
    message: '', attempts: 0, fields: [['submission', String(id)], ['value', value], ['sequence', String(sequence)]],
  };
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch { /* remembered in this page only */ }
}
