// Earlier reactions as a list: a change shows at once, is kept on the phone, and is sent when there is a network.
import { openReactions } from './reactions_queue.js';

export async function start(list) {
  const forms = new Map([...list.querySelectorAll('.reaction-form')].map((form) => [form.elements.submission.value, form]));
  const [any] = forms.values();
  const waits = list.querySelector('[data-part=waiting]');
  const reactions = await openReactions(new URL(any.action).pathname, told);

  function press(form, value) {
    for (const button of form.querySelectorAll('[data-swipe]')) {
      button.setAttribute('aria-pressed', String(button.value === value));
    }
  }
  function told(waiting, refused) {
    // In the order in which they were chosen: the last one stays.
    for (const { fields: [[, id], [, value]] } of waiting) if (forms.has(id)) press(forms.get(id), value);
    waits.textContent = waiting.length ? waits.dataset.some.replace('{n}', waiting.length) : '';
    for (const { fields: [[, id]], message } of refused) {
      if (forms.has(id)) forms.get(id).querySelector('[role=status]').textContent = message;
    }
  }
  for (const [id, form] of forms) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      press(form, event.submitter.value);
      const { kind } = form.closest('li').dataset;
      const text = form.closest('li').querySelector('.lines').textContent;
      reactions.take({ id: Number(id), kind, text }, event.submitter.value);
    });
  }
  await reactions.tell();
  reactions.wake();
  list.dataset.ready = 'yes';
}
