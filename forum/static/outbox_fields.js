// The form read as a whole, whatever fields it has: what is missing, what it says, and filled in again.
const OWN = ['key', 'receipt']; // made anew for every entry
const AGREED = ['notice', 'consent', 'contact_consent']; // to be said again for every entry
const GIVEN = ['asked']; // said by the page, not by anybody
const UNTYPED = [...OWN, ...AGREED, ...GIVEN];

// [[name, value], …] to send. A file that was not chosen is no field.
export function valuesOf(form) {
  return [...new FormData(form)].filter(([name, value]) => !OWN.includes(name) && !(value instanceof File && !value.size));
}

// The same without what is asked for each time, and without files: what a draft holds.
export function typedIn(form) {
  return valuesOf(form).filter(([name, value]) => !UNTYPED.includes(name) && typeof value === 'string');
}

export function fill(form, values) {
  for (const control of form.elements) {
    if (!control.name || UNTYPED.includes(control.name)) continue;
    const said = values.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === 'file') {
      choose(control, said);
      continue;
    }
    if (control.type === 'radio' || control.type === 'checkbox') control.checked = said.includes(control.value);
    else control.value = said[0] || '';
    if (control.type === 'text' && control.value) unfold(control);
    control.dispatchEvent(new Event('input', { bubbles: true }));
  }
  dispatchEvent(new Event('pageshow')); // counters and lists show what is there now
}

function choose(control, files) {
  const parcel = new DataTransfer();
  files.forEach((file) => parcel.items.add(file));
  control.files = parcel.files;
  control.dispatchEvent(new Event('change', { bubbles: true }));
}

// A field that is folded away is shown.
export function unfold(element) {
  const fold = element.closest('details');
  if (fold) fold.open = true;
}

// [{ block, control, name, why }, …]: fields that the server would refuse, by what the page says of each field.
// `why` says what to do; `say` holds what is said of any field.
export function mistakesIn(form, say) {
  return blocksOf(form).map((one) => ({ ...one, why: mistakeIn(one, form, say) })).filter(({ why }) => why !== null);
}

function mistakeIn({ block, label, controls }, form, say) {
  const [control] = controls;
  const words = control.dataset;
  const over = block.querySelector('.counter.over');
  const tooLong = (most) => say.long.replace('{n}', Number(most).toLocaleString(document.documentElement.lang));
  if (over) return tooLong(over.dataset.limit);
  if (!controls.some(isFilled)) {
    if ([...form.elements].some((one) => one.dataset.needs === control.name && isFilled(one))) return words.missing;
    const isOptional = label.querySelector('.optional') || (label.matches('.check') && control.name !== 'consent');
    return isOptional ? null : words.missing || say.needed;
  }
  if (control.type === 'file') return control.files[0].size > Number(words.most) ? words.large : null;
  const n = [...control.value.trim()].length;
  if (n < Number(words.least || 0)) return words.short;
  if (n > Number(words.most || Infinity)) return tooLong(words.most);
  return control.validity?.patternMismatch ? words.wrong : null;
}

// [[name, what was said], …] in the words of the page.
export function linesOf(form) {
  const lines = [];
  for (const { label, name, controls } of blocksOf(form)) {
    if (label.matches('.check')) continue;
    const said = controls.filter(isFilled).map(spoken);
    if (said.length) lines.push([name, said.join(', ')]);
  }
  return lines;
}

function blocksOf(form) {
  return [...form.querySelectorAll('.field, fieldset')]
    .map((block) => ({ block, label: block.querySelector('label, legend'),
      controls: [...block.querySelectorAll('input:not([type=hidden]), select, textarea')].filter((one) => one.name) }))
    .filter(({ block, label, controls }) => label && controls.length && !block.closest('[hidden]'))
    .map((one) => ({ ...one, name: nameOf(one.label), control: one.controls[0] }));
}

function isFilled(control) {
  if (control.type === 'radio' || control.type === 'checkbox') return control.checked;
  return control.value.trim() !== '';
}

function spoken(control) {
  if (control.type === 'radio' || control.type === 'checkbox') {
    const label = control.labels[0];
    return (label.querySelector('b') || label).textContent.trim();
  }
  if (control.type === 'file') return control.files[0].name;
  return control.options ? control.selectedOptions[0].text : control.value.trim();
}

function nameOf(label) {
  const copy = label.cloneNode(true);
  copy.querySelectorAll('.optional').forEach((part) => part.remove());
  return copy.textContent.trim();
}
