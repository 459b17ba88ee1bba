// Which of the entries that the phone keeps may still be shown, in the words that it keeps. The phone asks before each
// of them, in one short question that is answered without a look into the database while nothing happened; without an
// answer in time all may be shown.
const PATIENCE_MS = 1500;
const REST_MS = 10000; // before a network that did not answer is asked again

// `address` answers { ids } of those that it was asked about, with an ETag that changes with whatever happens.
export function askStanding(address) {
  let sure = []; // the ideas that stood when the ETag was true
  let etag;
  let restsUntil = 0;

  addEventListener('online', () => { restsUntil = 0; });
  // Those of these ideas, { id, number: of the version that is kept }, that stand.
  return async (ideas) => {
    if (!ideas.length || performance.now() < restsUntil) return ideas;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      const headers = ideas.every((idea) => sure.includes(idea)) ? { 'If-None-Match': etag } : {};
      const asked = ideas.map(({ id, number }) => `id=${id}v${number ?? ''}`).join('&');
      const answer = await fetch(`${address}?${asked}`, { headers, cache: 'no-store', signal: stop.signal });
      if (answer.status === 304) return ideas;
      const { ids } = await answer.json();
      sure = ideas.filter(({ id }) => ids.includes(id));
      etag = answer.headers.get('ETag');
      return sure;
    } catch {
      restsUntil = performance.now() + REST_MS;
      return ideas;
    } finally {
      clearTimeout(timer);
    }
  };
}
