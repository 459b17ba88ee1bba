// A double tap sends once: the second submit of a form that is on its way is dropped.
// The server keeps its own promise of exactly one row; this only spares the wait and the doubt.
// A form that answers with a download, and so never leaves the page, says data-once="off".
const AGAIN_MS = 15000; // no answer by then: let people try again

addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.dataset.once === 'off') return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = 'yes';
  // aria-disabled, not disabled: a disabled button loses the focus, and its name would not be sent.
  for (const button of form.querySelectorAll('button:not([type=button])')) button.setAttribute('aria-disabled', 'true');
  setTimeout(release, AGAIN_MS, form);
});

// Back from the next page, also out of the back-forward cache.
addEventListener('pageshow', () => document.querySelectorAll('form[data-sending]').forEach(release));

function release(form) {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll('button[aria-disabled]')) button.removeAttribute('aria-disabled');
}
