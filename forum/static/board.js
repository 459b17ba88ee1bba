// Ticking many entries: one button for all, and a word on how many are ticked. Pages work without it.
for (const form of document.querySelectorAll('form[data-choosable]')) {
  const boxes = [...form.querySelectorAll('input[type=checkbox][name=submission_ids]')];
  const toolbar = form.querySelector('.toolbar');
  if (boxes.length > 1 && toolbar) addToggle(toolbar, boxes);
}

function addToggle(toolbar, boxes) {
  const label = document.createElement('label');
  label.className = 'button small quiet';
  const all = document.createElement('input');
  all.type = 'checkbox';
  const text = document.createElement('span');
  label.append(all, text);
  toolbar.append(label);

  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    text.textContent = `${ticked} / ${boxes.length}`;
    label.setAttribute('aria-label', `${ticked} / ${boxes.length}`);
  };
  all.addEventListener('change', () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  for (const box of boxes) box.addEventListener('change', show);
  addEventListener('pageshow', show);
  show();
}
