// Earlier reactions as a list: a change shows at once, is kept on the phone, and is sent when there is a network. What
// waits on the phone is in the list too, also where the page was kept before it was chosen.
import { openReactions, spoken } from './reactions_queue.js';

export async function start(list) {
  const forms = new Map(); // id of an entry → its form
  const rows = list.querySelector('ol');
  const pattern = list.querySelector('template').content.firstElementChild;
  const waits = list.querySelector('[data-part=waiting]');
  rows.querySelectorAll('.reaction-form').forEach(listen);
  const reactions = await openReactions(pattern.querySelector('form').getAttribute('action'), told);

  function press(form, value) {
    for (const button of form.querySelectorAll('[data-swipe]')) {
      button.setAttribute('aria-pressed', String(button.value === value));
    }
  }
  // The form of an entry; for one that the page does not know, in a row of its own on top.
  function formOf({ id, kind, text }) {
    if (!forms.has(id)) {
      const row = pattern.cloneNode(true);
      const pill = list.querySelector(`template[data-kind="${kind}"]`); // none for a choice of an earlier version
      if (pill) {
        row.dataset.kind = kind;
        row.querySelector('[data-part=kind]').append(pill.content.cloneNode(true));
      } else row.querySelector('[data-part=kind]').remove();
      row.querySelector('.lines').textContent = text;
      row.querySelector('form').elements.submission.value = id;
      rows.prepend(row);
      listen(row.querySelector('form'));
      document.getElementById('no-reactions')?.remove();
    }
    return forms.get(id);
  }
  function say(form, message, isRefusal) {
    const status = form.querySelector('[role=status]');
    status.className = isRefusal ? 'error-text' : 'waiting-reactions';
    if (status.textContent !== message) status.textContent = message;
  }
  function told(waiting, refused) {
    forms.forEach((form) => say(form, '', false));
    // In the order in which they were chosen: the last one stays.
    for (const { about, fields: [, [, value]] } of waiting) {
      press(formOf(about), value);
      say(formOf(about), waits.dataset.one, false);
    }
    waits.textContent = spoken(waiting, waits.dataset);
    for (const { about, message } of refused) if (forms.has(about.id)) say(forms.get(about.id), message, true);
  }
  function listen(form) {
    const id = Number(form.elements.submission.value);
    forms.set(id, form);
    // Not "submit": older browsers do not say which button it was.
    form.addEventListener('click', (event) => {
      const button = event.target.closest('[data-swipe]');
      if (!button) return;
      event.preventDefault();
      press(form, button.value);
      const row = form.closest('li');
      reactions.take({ id, kind: row.dataset.kind, text: row.querySelector('.lines').textContent }, button.value);
    });
  }
  await reactions.tell();
  reactions.wake();
  list.dataset.ready = 'yes';
}
