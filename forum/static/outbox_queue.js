// Sends what waits, one entry after the other, until nothing waits: at once, then with growing pauses. Ideas go before
// reactions, and what a server asks to wait for one kind holds up that kind only.
import { deliver } from './outbox_delivery.js';
import { inTurn } from './outbox_turn.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30000;
const OTHER_PAGE_MS = 5000;

const listeners = [];
let wake;

// One queue for each page, whoever starts it. Returns wake(), to be called whenever an entry was added or the network
// may be back; `changed` is called after each entry.
export function startQueue(store, changed) {
  listeners.push(changed);
  wake ??= queueOf(store, () => listeners.forEach((tell) => tell()));
  return wake;
}

// The time of day at which the server, which had too many of these entries, wants to be asked again; else nothing.
export function timeToWaitFor(entries) {
  const until = Math.max(0, ...entries.map((entry) => entry.state === 'waiting' && entry.until || 0));
  return until > Date.now() && new Date(until).toLocaleTimeString(document.documentElement.lang, {
    hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  });
}

function queueOf(store, changed) {
  let isRunning = false;
  let isWanted = false; // an entry was added
  let isHopeful = false; // the network may be back
  let failures = 0;
  let hasIdeaFailed = false; // then one reaction may go first: an idea that fails each time stands before nothing
  const notBefore = { idea: 0, reaction: 0 }; // what the server asked for; on the page's own clock, which nobody sets
  let timer;

  const restOf = (entry) => notBefore[kindOf(entry)] - performance.now();

  async function run() {
    clearTimeout(timer);
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    let pause;
    try {
      do {
        isWanted = isHopeful = false;
        pause = OTHER_PAGE_MS;
        await inTurn(async () => { pause = await sendAll(); });
      } while (isHopeful || (isWanted && !pause)); // one more idea makes no network better that failed just now
    } finally {
      isRunning = false;
    }
    changed();
    if (pause && (await waiting()).length) timer = setTimeout(run, pause);
  }

  const waiting = async () => (await store.all()).filter((entry) => entry.state === 'waiting');

  // Milliseconds to wait, or 0 when nothing is left.
  async function sendAll() {
    for (;;) {
      const all = await waiting();
      if (!all.length) return 0;
      const entry = nextOf(all.filter((one) => restOf(one) <= 0), hasIdeaFailed);
      if (!entry) return Math.min(...all.map(restOf));
      const outcome = await deliver(entry);
      hasIdeaFailed = outcome.kind === 'later' && kindOf(entry) === 'idea';
      if (outcome.kind === 'later') {
        // Counted, so that an entry that fails each time does not stand before the others.
        const until = outcome.ofKind ? Date.now() + outcome.ms : 0; // to be told; what is kept to is notBefore
        await store.put({ ...entry, attempts: entry.attempts + 1, until });
        for (const kind of outcome.ofKind ? [kindOf(entry)] : Object.keys(notBefore)) {
          notBefore[kind] = performance.now() + outcome.ms;
        }
        if (outcome.ofKind && outcome.ms) continue; // the other kind may go on
        failures += 1;
        const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)) * (1 + Math.random()) / 2;
        return Math.max(pause, outcome.ms);
      }
      failures = 0;
      if (outcome.kind === 'gone') await store.put({ ...entry, state: 'stuck' });
      else if (outcome.kind === 'refused') await store.put({ ...entry, state: 'refused', message: outcome.message });
      else if (kindOf(entry) === 'reaction') await store.remove(entry.key);
      else {
        const { fields, lines, ...rest } = entry;
        await store.put({ ...rest, state: 'sent', receipt: outcome.receipt, id: outcome.id });
      }
      changed();
    }
  }

  function hopeful() {
    failures = 0;
    hasIdeaFailed = false;
    isHopeful = true;
    run();
  }
  addEventListener('online', hopeful);
  // Back out of the browser's memory; forms say this of themselves, too, whenever they are filled in.
  addEventListener('pageshow', ({ persisted }) => { if (persisted) hopeful(); });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) hopeful(); });
  return run;
}

// Ideas before reactions, and what failed least before the rest of its kind.
function nextOf(entries, reactionsFirst) {
  const first = reactionsFirst ? 'reaction' : 'idea';
  const rank = (entry) => Number(kindOf(entry) !== first);
  return entries.sort((a, b) => rank(a) - rank(b) || a.attempts - b.attempts)[0];
}

const kindOf = (entry) => entry.kind ?? 'idea';
