// What makes fields friendlier: a counter, and the loading of bigger modules for those that can do more.
// What needs no hand (data-idle names how) comes when the page is there and the phone has nothing else to do.

// Live character counter: the eye sees each letter counted, the screen reader hears it after a pause.
// Characters are code points, as Python counts them; a line break counts once.
const QUIET_MS = 1200;

for (const label of document.querySelectorAll('[data-counter]')) {
  const input = document.getElementById(label.dataset.counter);
  if (!input) continue;
  const limit = Number(label.dataset.limit);
  const spoken = document.createElement('span');
  spoken.className = 'visually-hidden';
  spoken.setAttribute('aria-live', 'polite');
  label.after(spoken);
  let timer;

  const count = () => {
    const left = limit - [...input.value].length;
    label.classList.toggle('over', left < 0);
    label.textContent = (left < 0 ? label.dataset.over : label.dataset.left)
      .replace('{n}', Math.abs(left).toLocaleString(document.documentElement.lang));
  };
  count();
  addEventListener('pageshow', count);
  input.addEventListener('input', () => {
    count();
    clearTimeout(timer);
    timer = setTimeout(() => { spoken.textContent = label.textContent; }, QUIET_MS);
  });
}

// Only fields of the chosen kind: what is hidden here is not asked for, also where CSS cannot follow the choice.
const idea = document.querySelector('.idea-form');

function fit() {
  const only = `only-${idea.elements.kind.value}`;
  for (const block of idea.querySelectorAll('[class*=only-]')) block.hidden = !block.classList.contains(only);
}
if (idea) {
  fit();
  addEventListener('pageshow', fit);
  idea.addEventListener('input', fit);
}

// A field that can do more (data-module names how) becomes so at the first sign of a hand: the page itself stays light.
const SIGNS = ['pointerdown', 'keydown', 'focusin', 'scroll'];
const richer = document.querySelectorAll('[data-module]');

function enrich() {
  SIGNS.forEach((sign) => removeEventListener(sign, enrich));
  for (const field of richer) import(field.dataset.module).then((module) => module.enrich(field), () => {});
}
if (richer.length) SIGNS.forEach((sign) => addEventListener(sign, enrich, { passive: true }));

// A module that did not arrive is asked for again: the hall's network comes and goes.
const AGAIN_MS = 5000;

function startIdle(part) {
  import(part.dataset.idle).then((module) => module.start(part), () => setTimeout(startIdle, AGAIN_MS, part));
}
addEventListener('load', () => (window.requestIdleCallback || setTimeout)(() =>
  document.querySelectorAll('[data-idle]').forEach(startIdle)));
