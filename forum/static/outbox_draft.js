// What was typed and not yet sent survives a reload, a dead battery and a phone that forgets its pages.
import { fill, typedIn } from './outbox_fields.js';

const REMEMBERED = ['group', 'area']; // also for the next idea

// Whether hands were quicker than this script: what they typed is newer than any draft.
const wasTyped = (form, name) => [...form.elements].some((control) => control.name === name
  && (control.type === 'radio' || control.type === 'checkbox' ? control.checked !== control.defaultChecked
    : 'defaultValue' in control && control.value !== control.defaultValue));

export function startDraft(form) {
  const name = `forum-draft:${new URL(form.action).pathname}`;
  let isKept = true;

  const keep = () => {
    try {
      localStorage.setItem(name, JSON.stringify(typedIn(form)));
      isKept = true;
    } catch {
      isKept = false;
    }
  };
  form.addEventListener('input', keep);
  form.addEventListener('change', keep);

  // A form that came back from the server holds what was typed already.
  if (!document.querySelector('.error-summary, main > [role=alert]')) {
    try {
      const kept = JSON.parse(localStorage.getItem(name));
      const isNewer = ([field]) => wasTyped(form, field);
      if (kept) fill(form, [...kept.filter((one) => !isNewer(one)), ...typedIn(form).filter(isNewer)]);
    } catch { /* an empty form, then */ }
  }
  return {
    get wouldBeLost() { return !isKept && Boolean(form.elements.body.value.trim()); },
    // The form for the next idea: who speaks and from where stays. Not reset: a form that came back from the server
    // would be ticked and filled in again as it came.
    next() {
      const stays = typedIn(form).filter(([field]) => REMEMBERED.includes(field));
      for (const box of form.querySelectorAll('[type=checkbox]')) box.checked = false;
      for (const fold of form.querySelectorAll('details')) fold.open = false;
      fill(form, stays);
      keep();
    },
  };
}
