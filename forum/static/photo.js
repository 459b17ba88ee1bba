// A photo is made small on the phone before it is sent: in a hall everybody shares one network.
// Drawn anew it carries no place and no date. What this phone cannot draw goes as it is; the server judges.
const LONGEST_SIDE = 1600;
const ENOUGH_BYTES = 500_000; // ten seconds of a slow network
const QUALITIES = [0.85, 0.7, 0.55, 0.4];

export function enrich(input) {
  const told = document.createElement('p');
  told.className = 'hint';
  told.setAttribute('role', 'status');
  // Browsers keep a chosen file for good: without this, an idea could not go without a photo that nobody takes.
  const remove = document.createElement('button');
  remove.className = 'button';
  remove.type = 'button';
  remove.textContent = input.dataset.remove;
  remove.hidden = !input.files.length;
  remove.addEventListener('click', () => {
    input.value = '';
    input.dispatchEvent(new Event('change', { bubbles: true }));
    input.focus();
  });
  input.after(told, remove);

  input.addEventListener('change', async () => {
    const [file] = input.files;
    told.textContent = '';
    remove.hidden = !file;
    if (!file) return;
    const small = await shrunk(file).catch(() => null);
    if (input.files[0] !== file) return; // another one was chosen meanwhile
    if (small) {
      const parcel = new DataTransfer();
      parcel.items.add(small);
      input.files = parcel.files;
    }
    if (!small && file.type && !input.accept.split(',').includes(file.type)) {
      told.textContent = input.dataset.unusable;
      return;
    }
    const size = (small || file).size;
    told.textContent = size > Number(input.dataset.most) ? input.dataset.large
      : input.dataset.ready.replace('{n}', Math.ceil(size / 1000).toLocaleString(document.documentElement.lang));
  });
}

async function shrunk(file) {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  let blob = null;
  for (const quality of QUALITIES) {
    blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', quality));
    if (!blob || blob.size <= ENOUGH_BYTES) break;
  }
  return blob && new File([blob], 'foto.jpg', { type: 'image/jpeg' });
}
