// Hands on a card: swiping with a finger or pen, and the arrow keys. Both press the button that says the same.
const DISTANCE_PX = 72; // shorter moves are no choice
const TILT = 1.5; // how much further along than across
const TALL = 0.6; // share of the window from which on a card is for scrolling, so that only sideways moves choose
const KEYS = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up' };

// `buttons`: { left, right, up }; `choose(button)` is called with one of them.
export function giveHands(card, buttons, choose) {
  const stands = matchMedia('(prefers-reduced-motion: reduce)');
  let start = null;

  const isTall = () => card.offsetHeight > TALL * innerHeight;
  const fit = () => { card.dataset.moves = isTall() ? 'sideways' : 'all'; };
  new ResizeObserver(fit).observe(card);
  addEventListener('resize', fit);

  function aim(event) {
    const x = event.clientX - start.x;
    const y = event.clientY - start.y;
    if (Math.abs(x) >= DISTANCE_PX && Math.abs(x) > TILT * Math.abs(y)) return x > 0 ? 'right' : 'left';
    if (-y >= DISTANCE_PX && -y > TILT * Math.abs(x) && !isTall()) return 'up';
    return null;
  }
  function show(aimed, x = 0, y = 0) {
    for (const [side, button] of Object.entries(buttons)) button.classList.toggle('aimed', side === aimed);
    card.classList.toggle('held', Boolean(x || y));
    card.style.transform = stands.matches || !(x || y) ? '' : `translate(${x}px, ${y}px) rotate(${x / 40}deg)`;
  }
  function end(event) {
    if (!start || event.pointerId !== start.id) return;
    const aimed = event.type === 'pointerup' ? aim(event) : null;
    start = null;
    show(null);
    if (aimed) choose(buttons[aimed]);
  }
  card.addEventListener('pointerdown', (event) => {
    // A mouse has the buttons, and selects text by the same move.
    if (event.pointerType === 'mouse' || !event.isPrimary) return;
    start = { id: event.pointerId, x: event.clientX, y: event.clientY };
    card.setPointerCapture(event.pointerId);
  });
  card.addEventListener('pointermove', (event) => {
    if (start?.id !== event.pointerId) return;
    const y = isTall() ? 0 : Math.min(0, event.clientY - start.y);
    show(aim(event), event.clientX - start.x, y);
  });
  card.addEventListener('pointerup', end);
  card.addEventListener('pointercancel', end);

  // Arrows only where they would do nothing else: no field has the focus, and nothing is left to scroll to.
  addEventListener('keydown', (event) => {
    const side = KEYS[event.key];
    if (!side || event.repeat || event.defaultPrevented) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest('input:not([type=hidden]), textarea, select, [contenteditable], summary')) return;
    if (side === 'up' && scrollY > 0) return;
    event.preventDefault();
    choose(buttons[side]);
  });
}
