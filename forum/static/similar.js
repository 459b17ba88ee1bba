// Similar ideas from an index that the phone keeps: `prepare` once, then `similar` for what is being typed.
// The index, the three steps and the formula are described in analysis/phone_similarity.py, which does the same.
const ENDINGS = ['nya', 'kan', 'an', 'ne', 'e', 'i'];
const BEGINNINGS = ['meng', 'meny', 'mem', 'men', 'peng', 'peny', 'pem', 'pen', 'ber', 'ter', 'me', 'pe', 'di', 'ke', 'se'];
const LEAST_LETTERS = 4;
const KEY_LETTERS = 7;

export function prepare(index) {
  const terms = new Map(index.terms.flatMap((keys, number) => keys.split(' ').map((key) => [key, number])));
  return { ...index, terms, stop: new Set(index.stop) };
}

// [[id, score], …], best first. `index` is what prepare returned.
export function similar(index, text, limit = 3) {
  const keys = new Set();
  for (const word of wordsOf(text)) {
    if (!index.stop.has(word)) keys.add(index.terms.has(word) ? word : keyOf(word));
  }
  const terms = new Set();
  let unknown = 0;
  for (const key of keys) {
    if (index.terms.has(key)) terms.add(index.terms.get(key));
    else unknown += 1;
  }
  const scores = new Map();
  let square = unknown * index.unknown ** 2;
  for (const term of terms) {
    const weight = index.idf[term] ** 2;
    square += weight;
    let number = 0;
    for (const step of index.ideas[term]) {
      number += step;
      scores.set(number, (scores.get(number) ?? 0) + weight);
    }
  }
  const length = Math.sqrt(square);
  return [...scores]
    .map(([number, score]) => [number, score / (length * index.lengths[number])])
    .filter(([, score]) => score >= index.least)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, limit)
    .map(([number, score]) => [index.ids[number], score]);
}

export function keyOf(word) {
  const ending = ENDINGS.find((one) => word.endsWith(one) && word.length - one.length >= LEAST_LETTERS);
  if (ending) word = word.slice(0, -ending.length);
  const beginning = BEGINNINGS.find((one) => word.startsWith(one) && word.length - one.length >= LEAST_LETTERS);
  if (beginning) word = word.slice(beginning.length);
  return word.slice(0, KEY_LETTERS);
}

function wordsOf(text) {
  const plain = text.normalize('NFKC').toLowerCase().replace(/\S*(?:@|:\/\/|www\.)\S*/g, ' ');
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? [])
    .map((word) => word.replace(/[0-9]+$/, ''))
    .filter((word) => word.length > 1);
}
