// Keeps the wall of a hall current: asks every few seconds, tells discreetly when nobody answers, and stands still on
// demand. While it stands still, what may no longer be shown goes nevertheless. Without scripts the page reloads itself.
const PATIENCE_MS = 5000;
const MISSED_BEFORE_LOST = 2;
const MISSED_BEFORE_OLD = 4; // then it is said how old it is what the hall looks at

const live = document.querySelector('[data-live]');
const notice = document.querySelector('.wall-notice');
const every = Number(live.dataset.every) * 1000;
let etag = '';
let missed = 0;
let seenAt = new Date(); // when what is shown was true, by the clock of this laptop
let paused = !notice.hidden;
let signedOut = false;

ask();
controls();
stayAwake();

async function ask() {
  try {
    const answer = await fetch(address(), {
      headers: etag && !paused ? { 'If-None-Match': etag } : {},
      cache: 'no-store',
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    signedOut = answer.type === 'opaqueredirect';
    if (answer.status === 200) await show(answer);
    else if (answer.status !== 304 && !signedOut) throw new Error(answer.status);
    missed = 0;
    seenAt = new Date();
  } catch {
    missed += 1;
  }
  tell();
  setTimeout(ask, every);
}

const keys = (root) => [...root.querySelectorAll('[data-key]')].map((item) => item.dataset.key);

function address() {
  return paused ? `${live.dataset.live}?still=${keys(live).join()}` : live.dataset.live;
}

async function show(answer) {
  const isStill = new URL(answer.url).searchParams.has('still');
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').body;
  const known = new Set(keys(isStill ? fresh : live));
  if (isStill) {
    for (const item of live.querySelectorAll('[data-key]')) if (!known.has(item.dataset.key)) item.remove();
    return;
  }
  if (paused) return; // asked before the pause
  for (const item of fresh.querySelectorAll('[data-key]')) {
    if (etag && !known.has(item.dataset.key)) item.classList.add('fresh');
  }
  etag = answer.headers.get('ETag');
  live.replaceChildren(...fresh.childNodes);
}

function tell() {
  const words = notice.dataset;
  const text = signedOut ? words.signedOut : missed >= MISSED_BEFORE_OLD ? words.old.replace('{time}', time(seenAt))
    : missed >= MISSED_BEFORE_LOST ? words.lost : paused ? words.paused : '';
  if (notice.textContent !== text) notice.textContent = text;
  notice.hidden = !text;
}

function time(moment) {
  const { zone, zoneLabel } = notice.dataset;
  const format = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone };
  return `${moment.toLocaleTimeString(document.documentElement.lang, format)} ${zoneLabel}`;
}

function controls() {
  const pause = document.querySelector('[data-pause]');
  const resume = document.querySelector('[data-resume]');
  const stand = (still) => {
    const hadFocus = [pause, resume].includes(document.activeElement);
    paused = still;
    pause.hidden = still;
    resume.hidden = !still;
    if (hadFocus) (still ? resume : pause).focus();
    tell();
  };
  pause.addEventListener('click', () => stand(true));
  resume.addEventListener('click', () => stand(false));
  stand(paused);

  const links = [...document.querySelectorAll('[data-scheme]')];
  for (const link of links) {
    link.addEventListener('click', (event) => {
      event.preventDefault(); // to load the page anew would leave the full screen
      document.getElementById('dark').media = link.dataset.scheme === 'dark' ? 'screen' : 'not all';
      for (const other of links) other.removeAttribute('aria-current');
      link.setAttribute('aria-current', 'true');
      history.replaceState(null, '', link.href);
    });
  }

  const full = document.querySelector('[data-fullscreen]');
  full.hidden = !document.fullscreenEnabled;
  full.addEventListener('click', () => (document.fullscreenElement
    ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
}

// A screen saver over the code would stop a hall. Browsers take the lock back whenever the page is out of sight.
function stayAwake() {
  if (!navigator.wakeLock) return;
  const hold = () => document.visibilityState === 'visible' && navigator.wakeLock.request('screen').catch(() => null);
  document.addEventListener('visibilitychange', hold);
  hold();
}
