// Opens the form, and the reactions where they were opened, without a network. Before these lines the server writes
// FILES and REACTION_FILES, the addresses of what to keep: they change with their content, and so does this file.
// Nothing but GET is touched, and nothing of the staff.
const PREFIX = 'forum-';
const CACHE = PREFIX + FILES.concat(REACTION_FILES).join().split('').reduce((sum, one) => (sum * 31 + one.charCodeAt(0)) % 2 ** 48, 7);
const PATIENCE_MS = 2500;
const PAGES = /^\/(s\/[^/]+(\/react(\/mine)?)?)?$/;
const REACTIONS = /\/react(\/|$)/;
const IDEAS = /^\/s\/[^/]+\/(ideas|statements)$/; // what others wrote

addEventListener('install', (event) => event.waitUntil(install()));
addEventListener('activate', (event) => event.waitUntil(activate()));
addEventListener('message', (event) => {
  const asked = event.data.keep || [];
  event.waitUntil(Promise.all([
    event.data.claim && clients.claim(),
    ...asked.filter((path) => PAGES.test(path)).map(renew),
    asked.some((path) => REACTIONS.test(path)) && keepFiles(REACTION_FILES),
    ...asked.filter((path) => IDEAS.test(path)).map(keepOnce), // renewed whenever the page asks for them
  ]));
});
addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== location.origin) return;
  const isPage = request.mode === 'navigate' && PAGES.test(address.pathname);
  if (isPage || IDEAS.test(address.pathname)) event.respondWith(networkFirst(event, address.pathname));
  else if (FILES.concat(REACTION_FILES).includes(address.pathname + address.search)) event.respondWith(file(request));
});

// The pages that this phone knows move along, or the earlier version stays: never a version without its pages.
async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  for (const name of await others()) {
    for (const { url } of await (await caches.open(name)).keys()) {
      const { pathname } = new URL(url);
      if (REACTIONS.test(pathname)) await keepFiles(REACTION_FILES);
      if (PAGES.test(pathname)) await renew(pathname);
    }
  }
  await skipWaiting();
}

async function activate() {
  for (const name of await others()) await caches.delete(name);
  await clients.claim();
}

const others = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);

async function file(request) {
  return await (await caches.open(CACHE)).match(request) || fetch(request);
}

// The network first, for as long as people wait; then what was kept.
async function networkFirst(event, path) {
  const kept = await (await caches.open(CACHE)).match(path);
  const fresh = fetch(event.request).then(async (answer) => {
    if (!new URL(event.request.url).search) await keep(path, answer.clone()); // a page about one entry is not the page
    return answer;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => null));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));
  const answer = await Promise.race([fresh, late]).catch(() => null);
  return answer && answer.status < 500 ? answer : kept;
}

async function keepFiles(files) {
  const cache = await caches.open(CACHE);
  for (const file of files) if (!await cache.match(file)) await cache.add(file);
}

async function renew(path) {
  await keep(path, await fetch(path));
}

async function keepOnce(path) {
  if (!await (await caches.open(CACHE)).match(path)) await renew(path);
}

// Only a page of ours: the sign-in page of a network is none.
async function keep(path, answer) {
  const isOurs = answer.ok && !answer.redirected && answer.headers.has('Content-Security-Policy');
  if (isOurs) await (await caches.open(CACHE)).put(path, answer);
}
