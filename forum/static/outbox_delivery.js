// One attempt to deliver one entry, and what the answer means. A network that answers is not yet our server:
// only a 201 that names the entry's key is an arrival, and only our own word says that a sitting is gone.
const PATIENCE_MS = 20000;
const GONE = [404, 410];
const REFUSALS = { 409: ['already_sent', 'closed'], 410: ['gone'], 422: ['invalid', 'invalid_key'] };
const SITTING = /^\/s\/[^/]+/;

// { kind: 'stored', receipt } | { kind: 'refused', message } | { kind: 'gone' }
// | { kind: 'later', ms: what the server asked to wait, ofKind: whether only ideas, or only reactions, are too many }
export async function deliver(entry) {
  const isReaction = entry.kind === 'reaction';
  const sitting = await ask(SITTING.exec(entry.path)[0] + '/state', {});
  if (GONE.includes(sitting?.status) && sitting.body?.state === 'unknown') return { kind: 'gone' };
  if (typeof sitting?.body?.open !== 'boolean') return { kind: 'later', ms: 0 };
  const answer = await ask(entry.path, { method: 'POST', body: packed(entry) });
  const isNamed = answer?.body?.key === entry.key;
  if (answer?.status === 201 && isNamed && (isReaction || answer.body.receipt)) {
    return { kind: 'stored', receipt: answer.body.receipt };
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
async function ask(url, options) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(url, {
      ...options, signal: stop.signal, cache: 'no-store', redirect: 'error', headers: { Accept: 'application/json' },
    });
    const text = await answer.text();
    return { status: answer.status, body: parsed(text), retryAfter: answer.headers.get('Retry-After') };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function packed({ key, receipt, fields }) {
  const all = [...fields, ['key', key], ...receipt ? [['receipt', receipt]] : []];
  if (!all.some(([, value]) => value instanceof Blob)) return new URLSearchParams(all);
  const form = new FormData();
  for (const [name, value] of all) form.append(name, value);
  return form;
}
