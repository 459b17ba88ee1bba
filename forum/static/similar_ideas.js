// Up to three ideas of others that resemble what is being typed, each with a button to support it. Never in the way:
// nothing waits for it, and without a network the ideas that were fetched before still show.
const PAUSE_MS = 600;
const LEAST_CHARACTERS = 12;

export function enrich(section) {
  const { input: inputId, finder, ideas } = section.dataset;
  const input = document.getElementById(inputId);
  const list = section.querySelector('ul');
  let known; // a promise of what `load` returns
  let shown = '';
  let timer;

  async function load() {
    const [{ prepare, similar }, answer] = await Promise.all([import(finder), fetch(ideas)]);
    const { index, texts } = await answer.json();
    const prepared = prepare(index);
    return (typed) => similar(prepared, typed).map(([id]) => [id, texts[id]]);
  }

  async function look() {
    const typed = input.value.trim();
    if (typed.length < LEAST_CHARACTERS) return show([]);
    try {
      known ??= load();
      const find = await known;
      return show(find(typed));
    } catch {
      known = undefined; // no network yet: the next pause tries again
      return undefined;
    }
  }

  function show(found) {
    section.hidden = !found.length;
    if (String(found.map(([id]) => id)) === shown) return;
    shown = String(found.map(([id]) => id));
    list.replaceChildren(...found.map(([id, text]) => item(section.dataset, id, text)));
  }

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  };
  input.addEventListener('input', later);
  later();
}

function item(words, id, text) {
  const entry = document.createElement('li');
  const quote = document.createElement('p');
  quote.textContent = text;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button';
  button.textContent = words.support;
  const answer = document.createElement('span');
  answer.setAttribute('role', 'status');
  button.addEventListener('click', () => support(words, id, button, answer));
  entry.append(quote, button, answer);
  return entry;
}

async function support({ react, thanks, offline }, id, button, answer) {
  if (button.getAttribute('aria-disabled')) return;
  button.setAttribute('aria-disabled', 'true');
  try {
    const reply = await fetch(react, {
      method: 'POST',
      headers: { Accept: 'application/json' },
      body: new URLSearchParams({ submission: id, value: 'agree' }),
    });
    const { state, message } = await reply.json();
    answer.textContent = state === 'stored' ? thanks : message;
    button.hidden = state === 'stored';
  } catch {
    answer.textContent = offline;
  }
  button.removeAttribute('aria-disabled');
}
