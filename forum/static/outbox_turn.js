// One page of this phone sends at a time: a lock of the browser, or where there is none (plain http) a lease.
const NAME = 'forum-outbox-turn';
const LEASE_MS = 30000;

// Do the work unless another page is doing it; whether it was done.
export async function inTurn(work) {
  if (navigator.locks) {
    return navigator.locks.request(NAME, { ifAvailable: true }, async (lock) => {
      if (lock) await work();
      return lock !== null;
    });
  }
  const me = String(Math.random());
  if (!lease(me)) return false;
  const renewing = setInterval(lease, LEASE_MS / 3, me);
  try {
    await work();
  } finally {
    clearInterval(renewing);
    release(me);
  }
  return true;
}

function lease(me) {
  try {
    const [holder, until] = (localStorage.getItem(NAME) || '').split('|');
    const left = Number(until) - Date.now();
    // A lease longer than any was given before the phone's clock was set back.
    if (holder && holder !== me && left > 0 && left <= LEASE_MS) return false;
    localStorage.setItem(NAME, `${me}|${Date.now() + LEASE_MS}`);
  } catch { /* without storage the pages have no entries in common */ }
  return true;
}

function release(me) {
  try {
    if ((localStorage.getItem(NAME) || '').startsWith(me)) localStorage.removeItem(NAME);
  } catch { /* nothing was taken */ }
}
