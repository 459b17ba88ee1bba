// Where browsers allow it (https, or the machine itself), these pages open again without a network.
export async function keepForOffline(worker, pages) {
  if (!navigator.serviceWorker) return;
  const keep = () => navigator.serviceWorker.controller?.postMessage({ keep: pages });
  navigator.serviceWorker.addEventListener('controllerchange', keep);
  try {
    await navigator.serviceWorker.register(worker);
    keep();
    // A page that was on its way while the worker began is in nobody's charge: it asks to be taken.
    const { active } = await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) active.postMessage({ claim: true });
  } catch { /* private windows of some browsers: the open page works all the same */ }
}
