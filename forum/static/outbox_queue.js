// Sends what waits, one entry after the other, until nothing waits: at once, then with growing pauses.
import { deliver } from './outbox_delivery.js';
import { inTurn } from './outbox_turn.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30000;
const OTHER_PAGE_MS = 5000;

// Returns wake(), to be called whenever an entry was added or the network may be back.
export function startQueue(store, changed) {
  let isRunning = false;
  let isWanted = false;
  let failures = 0;
  let notBefore = 0; // what a busy server asked for; on the page's own clock, which nobody sets
  let timer;

  async function wake() {
    clearTimeout(timer);
    const rest = notBefore - performance.now();
    if (rest > 0) {
      timer = setTimeout(wake, rest);
      return;
    }
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    let pause = OTHER_PAGE_MS;
    try {
      while (isWanted && performance.now() >= notBefore) {
        isWanted = false;
        pause = OTHER_PAGE_MS;
        await inTurn(async () => { pause = await sendAll(); });
      }
    } finally {
      isRunning = false;
    }
    changed();
    if (pause && nextOf(await store.all())) timer = setTimeout(wake, pause);
  }

  // Milliseconds to wait, or 0 when nothing is left.
  async function sendAll() {
    for (;;) {
      const entry = nextOf(await store.all());
      if (!entry) return 0;
      const outcome = await deliver(entry);
      if (outcome.kind === 'later') {
        // Counted, so that an entry that fails each time does not stand before the others.
        await store.put({ ...entry, attempts: entry.attempts + 1 });
        failures += 1;
        notBefore = performance.now() + outcome.ms;
        const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)) * (1 + Math.random()) / 2;
        return Math.max(pause, outcome.ms);
      }
      failures = 0;
      if (outcome.kind === 'gone') await store.put({ ...entry, state: 'stuck' });
      else if (outcome.kind === 'refused') await store.put({ ...entry, state: 'refused', message: outcome.message });
      else if (entry.kind === 'reaction') await store.remove(entry.key);
      else {
        const { fields, lines, ...rest } = entry;
        await store.put({ ...rest, state: 'sent', receipt: outcome.receipt });
      }
      changed();
    }
  }

  function hopeful() {
    failures = 0;
    wake();
  }
  addEventListener('online', hopeful);
  addEventListener('pageshow', hopeful);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) hopeful(); });
  return wake;
}

// Ideas before reactions, and what failed least before the rest.
function nextOf(entries) {
  return entries.filter((entry) => entry.state === 'waiting')
    .sort((a, b) => a.attempts - b.attempts || isReaction(a) - isReaction(b))[0];
}

const isReaction = (entry) => entry.kind === 'reaction';
