// One attempt to deliver one entry, and what the answer means. A network that answers is not yet our server:
// only a 201 that names the entry's key is an arrival, and only our own word says that a sitting is gone.
const PATIENCE_MS = 20000; // without any sign of life
const SLOWEST_BYTES_PER_MS = 8;
const GONE = [404, 410];
const REFUSALS = { 409: ['already_sent', 'closed'], 410: ['gone'], 422: ['invalid', 'invalid_key'] };
const SITTING = /^\/s\/[^/]+/;

// { kind: 'stored', receipt, id: so that nobody is offered their own idea } | { kind: 'refused', message } | { kind: 'gone' }
// | { kind: 'later', ms: what the server asked to wait, ofKind: whether only ideas, or only reactions, are too many }
export async function deliver(entry) {
  const isReaction = entry.kind === 'reaction';
  const sitting = await ask(SITTING.exec(entry.path)[0] + '/state');
  if (GONE.includes(sitting?.status) && sitting.body?.state === 'unknown') return { kind: 'gone' };
  if (typeof sitting?.body?.open !== 'boolean') return { kind: 'later', ms: 0 };
  const answer = await send(entry);
  const isNamed = answer?.body?.key === entry.key;
  if (answer?.status === 201 && isNamed && (isReaction || answer.body.receipt)) {
    return { kind: 'stored', receipt: answer.body.receipt, id: answer.body.id };
  }
  if (REFUSALS[answer?.status]?.includes(answer.body?.state) && (isNamed || !isReaction)) {
    const { message, errors } = answer.body;
    return { kind: 'refused', message: [message, ...Object.values(errors || {}).flat()].filter(Boolean).join(' ') };
  }
  if (answer?.status === 413) return { kind: 'refused', message: '' };
  const ofKind = answer?.status === 429 && answer.body?.state === 'too_many';
  return { kind: 'later', ms: 1000 * (Number(answer?.retryAfter) || 0), ofKind };
}

// Status and content of an answer in time, else null; content that is no JSON is null.
async function ask(url) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(url, {
      signal: stop.signal, cache: 'no-store', redirect: 'error', headers: { Accept: 'application/json' },
    });
    return { status: answer.status, body: parsed(await answer.text()) };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

// The same for what is sent. A photo may need minutes on a hall's network: it has them while anything gets through.
function send({ path, key, receipt, fields }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const photo = fields.find(([, value]) => value instanceof Blob)?.[1];
    let timer;
    const wait = (ms) => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), ms);
    };
    request.open('POST', path);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.onprogress = () => wait(PATIENCE_MS);
    // The phone's system has taken all of it; the network may still be carrying.
    request.upload.onload = () => wait(PATIENCE_MS + (photo?.size ?? 0) / SLOWEST_BYTES_PER_MS);
    request.onloadend = () => {
      clearTimeout(timer);
      const { status, responseText } = request;
      resolve(status ? { status, body: parsed(responseText), retryAfter: request.getResponseHeader('Retry-After') } : null);
    };
    wait(PATIENCE_MS);
    request.send(packed([...fields, ['key', key], ...receipt ? [['receipt', receipt]] : []], photo));
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function packed(all, photo) {
  if (!photo) return new URLSearchParams(all);
  const form = new FormData();
  for (const [name, value] of all) form.append(name, value);
  return form;
}
