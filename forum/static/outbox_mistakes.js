// What is wrong with a form is said twice before it is sent, in a list on top and at each field, and goes from both as
// soon as it is mended.
import { mistakesIn, unfold } from './outbox_fields.js';

// `section` holds the words and the patterns. Returns isComplete(): whether the server would take the form; else the list
// shows and has the focus.
export function watchMistakes(form, section) {
  const pattern = (name) => section.querySelector(`template[data-part=${name}]`).content.firstElementChild.cloneNode(true);
  let said = []; // { block, item: in the list on top }
  const mistakes = () => mistakesIn(form, section.dataset);

  // Nothing new is said while somebody writes, and what the hand is on stays where it is.
  function recheck({ target }) {
    if (!said.length) return;
    const blocks = new Set(mistakes().map(({ block }) => block));
    const mended = said.filter(({ block }) => !blocks.has(block));
    if (!mended.length) return;
    const top = target.getBoundingClientRect().top;
    said = said.filter((one) => !mended.includes(one));
    for (const { block, item } of mended) {
      clear(block);
      item.remove();
    }
    if (!said.length) document.querySelector('.error-summary').remove();
    scrollBy(0, target.getBoundingClientRect().top - top);
  }
  form.addEventListener('input', recheck);
  form.addEventListener('change', recheck);

  return () => {
    document.querySelector('.error-summary')?.remove();
    form.querySelectorAll('.has-error').forEach(clear);
    said = [];
    const found = mistakes();
    if (!found.length) return true;
    const summary = pattern('summary');
    for (const { block, control, name, why } of found) {
      // A field that became a list to type in has given its name to the field in front.
      const visible = [...block.querySelectorAll('input, select, textarea')].find((one) => one.id && !one.hidden) || control;
      const link = document.createElement('a');
      link.href = `#${visible.id}`;
      link.textContent = why.replace('{name}', name);
      const item = document.createElement('li');
      item.append(link);
      summary.querySelector('ul').append(item);
      said.push({ block, item });
      sayAt(block, visible, link.textContent);
    }
    document.querySelector('main').prepend(summary);
    summary.focus();
    return false;
  };

  // The same words at the field, for eyes and for screen readers: a red line alone says nothing.
  function sayAt(block, control, words) {
    const text = pattern('mistake');
    const described = block.matches('fieldset') ? block : control;
    text.id = `${described.id}-error`;
    text.querySelector('span').textContent = words;
    const above = [...block.querySelectorAll(':scope > legend, :scope > label:not(.check), :scope > .hint')].pop();
    if (above) above.after(text);
    else block.prepend(text);
    described.setAttribute('aria-describedby', [...describedBy(described), text.id].join(' '));
    block.classList.add('has-error');
    unfold(block);
    if (control.type !== 'radio') control.setAttribute('aria-invalid', 'true');
  }
}

function clear(block) {
  block.classList.remove('has-error');
  block.querySelector('[aria-invalid]')?.removeAttribute('aria-invalid');
  const text = block.querySelector('.error-text');
  const described = text && document.querySelector(`[aria-describedby~="${text.id}"]`);
  described?.setAttribute('aria-describedby', describedBy(described).filter((id) => id !== text.id).join(' '));
  text?.remove();
}

const describedBy = (element) => (element.getAttribute('aria-describedby') || '').split(' ').filter(Boolean);
