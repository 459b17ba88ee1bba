// A long list of choices becomes a field to type in, by the ARIA pattern of a combobox with a list.
// The select stays in the form, out of sight: it holds the value, and the field only finds it.
// Texts of options name what people look for in brackets too: "Bukit (Bukit Lor, Bukit Kidul)".
const MAX_SHOWN = 40;
const LEAST_PX = 96; // two choices
const EDGE_PX = 8;

const plain = (text) => text.toLowerCase().normalize('NFD').replace(/[^a-z0-9]+/g, ' ').trim();

function named(option) {
  const district = option.parentElement.label || '';
  return { option, district, name: option.text.split(' (')[0], found: ' ' + plain(option.text),
    names: option.text.split(/[(),]/).map(plain) };
}

function matches(choice, typed) {
  return plain(typed).split(' ').every((word) => choice.found.includes(' ' + word));
}

export function enrich(select) {
  // A list that is open in somebody's hand stays as it is until the hand has left it.
  if (document.activeElement === select) select.addEventListener('blur', () => replace(select), { once: true });
  else replace(select);
}

function replace(select) {
  const { id } = select;
  const choices = [...select.options].filter((option) => option.value).map(named);
  const unsaid = choices.filter((choice) => !choice.district);
  const field = document.createElement('input');
  const list = document.createElement('ul');
  const told = document.createElement('span');
  let active = -1;

  for (const name of ['aria-describedby', 'aria-invalid', 'aria-required']) {
    if (select.hasAttribute(name)) field.setAttribute(name, select.getAttribute(name));
  }
  Object.assign(field, { id, type: 'text', autocomplete: 'off', spellcheck: false, role: 'combobox',
    placeholder: select.dataset.placeholder });
  Object.assign(list, { id: id + '-list', className: 'combobox-list', role: 'listbox', hidden: true });
  list.setAttribute('aria-label', select.labels[0].firstChild.textContent.trim());
  told.className = 'visually-hidden';
  told.setAttribute('role', 'status');
  field.setAttribute('aria-autocomplete', 'list');
  field.setAttribute('aria-controls', list.id);
  select.removeAttribute('id');
  select.hidden = true;
  select.after(field, list, told);
  select.parentElement.classList.add('combobox');

  const show = () => {
    const chosen = choices.find((choice) => choice.option.selected);
    field.value = chosen ? chosen.name : '';
  };
  const close = () => {
    list.hidden = true;
    active = -1;
    field.setAttribute('aria-expanded', 'false');
    field.removeAttribute('aria-activedescendant');
  };
  const choose = (value) => {
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    show();
    close();
  };
  // Where the keyboard on the screen or the edge of it would hide the list, the field moves up, and the list is cut.
  const fit = () => {
    if (list.hidden) return;
    const { offsetTop = 0, height = innerHeight } = window.visualViewport ?? {};
    const end = offsetTop + height;
    list.style.maxHeight = '';
    if (list.getBoundingClientRect().bottom > end) select.parentElement.scrollIntoView();
    list.style.maxHeight = `min(16rem, ${Math.max(LEAST_PX, end - list.getBoundingClientRect().top - EDGE_PX)}px)`;
  };
  const open = (typed) => {
    const hits = choices.filter((choice) => choice.district && matches(choice, typed)).slice(0, MAX_SHOWN);
    list.replaceChildren(...[...hits, ...unsaid].map((choice, place) => {
      const item = document.createElement('li');
      Object.assign(item, { id: `${id}-${place}`, role: 'option', textContent: choice.option.text });
      item.dataset.value = choice.option.value;
      item.setAttribute('aria-selected', String(choice.option.selected));
      if (choice.district) {
        const where = document.createElement('small');
        where.textContent = choice.district;
        item.append(' ', where);
      }
      return item;
    }));
    told.textContent = hits.length ? select.dataset.found.replace('{n}', hits.length) : select.dataset.none;
    list.hidden = false;
    active = -1;
    field.setAttribute('aria-expanded', 'true');
    field.removeAttribute('aria-activedescendant');
    fit();
  };
  const move = (step) => {
    const items = [...list.children];
    active = (active + step + items.length + (active < 0 && step < 0 ? 1 : 0)) % items.length;
    items.forEach((item, place) => item.classList.toggle('active', place === active));
    field.setAttribute('aria-activedescendant', items[active].id);
    items[active].scrollIntoView({ block: 'nearest' });
  };
  // What was typed in full is chosen also without the list; half a name leaves the choice as it was.
  const settle = () => {
    const typed = plain(field.value);
    const exact = choices.find((choice) => choice.names.includes(typed));
    if (!typed) choose('');
    else if (exact) choose(exact.option.value);
    else { show(); close(); }
  };

  field.addEventListener('input', () => open(field.value));
  field.addEventListener('click', () => { if (list.hidden) open(''); });
  field.addEventListener('blur', () => { if (!list.hidden) settle(); });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (list.hidden) open('');
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && !list.hidden) {
      if (active >= 0) choose(list.children[active].dataset.value);
      else settle();
    } else if (event.key === 'Escape' && !list.hidden) {
      show();
      close();
    } else return;
    event.preventDefault();
  });
  list.addEventListener('pointerdown', (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener('click', (event) => {
    const item = event.target.closest('[role=option]');
    if (item) choose(item.dataset.value);
  });
  addEventListener('pageshow', show);
  (window.visualViewport ?? window).addEventListener('resize', fit); // the keyboard comes after the focus
  close();
  show();
}
