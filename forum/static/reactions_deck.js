// The entries that the phone keeps ahead, so that the next one is there without a network.
import { askStanding } from './reactions_standing.js';

const FEW = 5; // entries left when more are asked for
const AGAIN_MS = 20000; // while there is nothing to show

const version = ({ id, number }) => `${id}v${number ?? ''}`;

// `address` answers { sequence, statements: [{ id, number, kind, text }, …] }; `arrived` is called when it was asked, whatever came.
// `isComplete`: whether the page says already that nothing is left; `doorway`: where the phone asks what still stands.
export function startDeck(address, doorway, reactions, isComplete, arrived) {
  const standing = askStanding(doorway);
  let ahead = []; // { id, number, kind, text, sequence: what the server knew of this phone when it offered }
  let isAsking = false;
  let hasJustAsked = false;
  let timer;

  async function refill() {
    if (isAsking) return;
    isAsking = true;
    clearTimeout(timer);
    try {
      const { sequence, statements } = await (await fetch(address, { headers: { Accept: 'application/json' } })).json();
      reactions.memory.learn(sequence);
      const offered = new Map(statements.map((one) => [one.id, { ...one, sequence }]));
      ahead = ahead.map((one) => offered.get(one.id) ?? one); // in its newest words
      ahead.forEach(({ id }) => offered.delete(id));
      ahead.push(...offered.values());
      isComplete = !statements.length;
    } catch {
      isComplete = false; // no network: what is here is what there is
    }
    isAsking = false;
    hasJustAsked = true;
    arrived();
  }

  async function open() {
    const waiting = new Set((await reactions.waiting()).map(({ about }) => about.id));
    return ahead.filter(({ id, sequence }) => !waiting.has(id) && !reactions.memory.isNewer(id, sequence));
  }

  addEventListener('online', () => { if (!ahead.length) refill(); });
  return {
    // Whether the server said that nothing is left.
    get isComplete() { return isComplete; },
    refill,
    // The next entry that this phone has not answered, or null.
    async next() {
      // By what was asked about, not by the object: a list that arrives meanwhile brings the same idea once more.
      const asked = new Set(ahead.map(version));
      const still = new Set((await standing(ahead)).map(version));
      ahead = (await open()).filter((one) => still.has(version(one)) || !asked.has(version(one)));
      const first = ahead.shift() ?? null;
      if (ahead.length < FEW && !hasJustAsked) refill();
      else if (!first) {
        clearTimeout(timer);
        timer = setTimeout(refill, AGAIN_MS);
      }
      hasJustAsked = false;
      return first;
    },
    putBack(statement) { ahead.unshift(statement); },
  };
}
