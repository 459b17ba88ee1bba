// Ticking many entries: one box for all, and a word on how many are ticked. Pages work without it.
// The page gives the word for "all" in its own language: <form data-choosable="Semua">.
for (const form of document.querySelectorAll('form[data-choosable]')) {
  const boxes = [...form.querySelectorAll('input[type=checkbox][name=submission_ids]')];
  const toolbar = form.querySelector('.toolbar');
  if (boxes.length > 1 && toolbar) addToggle(toolbar, boxes, form.dataset.choosable);
}

function addToggle(toolbar, boxes, word) {
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
    text.textContent = `${word} (${ticked} / ${boxes.length})`;
  };
  all.addEventListener('change', () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  for (const box of boxes) box.addEventListener('change', show);
  addEventListener('pageshow', show);
  show();
}
