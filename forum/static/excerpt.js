// The beginning of a text, cut between words, with an ellipsis where it goes on; as `beginning` in forum/formatting.py.
export function beginning(text, most) {
  const characters = [...text];
  if (characters.length <= most) return text;
  const cut = characters.slice(0, most - 1).join('');
  const at = cut.search(/\s\S*$/);
  // A word that fills half of it is cut inside: better than almost nothing.
  return cut.slice(0, at > most / 2 ? at : undefined).replace(/[\s,;:–-]+$/, '') + '…';
}
