// A correction that was typed and not yet sent: it survives a reload, is not left without a question, and no page of
// the browser about a missing network takes its place.
import { fill, typedIn } from './outbox_fields.js';

const PATIENCE_MS = 10000;

export function start(form) {
  const name = `forum-correction:${form.getAttribute('action')}`;
  const number = form.elements.number.value; // of the version that is corrected: once it is saved, there is a newer one
  const isOfHands = ([field]) => form.elements[field].type !== 'hidden';
  const typed = () => JSON.stringify(typedIn(form).filter(isOfHands));
  const before = typed();
  let isLeaving = false;
  let isAsking = false;

  // Only for this tab: what is saved, or was given up, stays on no phone.
  const keep = () => {
    try {
      sessionStorage.setItem(name, JSON.stringify({ number, typed: typed() }));
    } catch { /* the question before leaving is still asked */ }
  };
  // A form that came back from the server holds what was typed already.
  const isBack = document.querySelector('.error-summary, main > [role=alert]') !== null;
  if (isBack) keep();
  else {
    try {
      const kept = JSON.parse(sessionStorage.getItem(name));
      const isUntouched = [...form.elements].every((one) => !('defaultValue' in one) || one.value === one.defaultValue);
      if (kept && kept.number === number && isUntouched) {
        fill(form, [...typedIn(form).filter((one) => !isOfHands(one)), ...JSON.parse(kept.typed)]);
      }
    } catch { /* as it is stored, then */ }
  }
  form.addEventListener('input', keep);
  form.addEventListener('change', keep);
  addEventListener('beforeunload', (event) => {
    if (!isLeaving && (isBack || typed() !== before)) event.preventDefault();
  });
  addEventListener('pageshow', () => { isLeaving = false; });

  const say = document.createElement('p');
  say.setAttribute('role', 'alert');
  say.className = 'error-text';
  form.append(say);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    say.textContent = '';
    isLeaving = await answers(form.action);
    isAsking = false;
    if (isLeaving) form.submit();
    else say.textContent = form.dataset.offline;
  });
  form.dataset.ready = 'yes';
}

// Whether our server is there: the sign-in page of a hall's network would swallow what is sent to it.
async function answers(url) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const options = { signal: stop.signal, cache: 'no-store', redirect: 'error' };
    return (await fetch(url, options)).headers.has('Content-Security-Policy');
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
