// Which of the entries that the phone keeps may still be shown. The phone asks before each of them, in one short question
// that is answered without a look into the database while nothing happened; without an answer in time all may be shown.
const PATIENCE_MS = 1500;
const REST_MS = 10000; // before a network that did not answer is asked again

// `address` answers { ids } of those that it was asked about, with an ETag that changes with whatever happens.
export function askStanding(address) {
  let sure = []; // ids that stood when the ETag was true
  let etag;
  let restsUntil = 0;

  addEventListener('online', () => { restsUntil = 0; });
  return async (ids) => {
    if (!ids.length || performance.now() < restsUntil) return ids;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      const headers = ids.every((id) => sure.includes(id)) ? { 'If-None-Match': etag } : {};
      const answer = await fetch(`${address}?id=${ids.join('&id=')}`, { headers, cache: 'no-store', signal: stop.signal });
      if (answer.status === 304) return ids;
      const still = (await answer.json()).ids.map(Number);
      sure = still;
      etag = answer.headers.get('ETag');
      return ids.filter((id) => still.includes(id));
    } catch {
      restsUntil = performance.now() + REST_MS;
      return ids;
    } finally {
      clearTimeout(timer);
    }
  };
}
