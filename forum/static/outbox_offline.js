// Where browsers allow it (https, or the machine itself), these pages open again without a network.
export async function keepForOffline(worker, pages) {
  if (!navigator.serviceWorker) return;
  const keep = () => navigator.serviceWorker.controller?.postMessage({ keep: pages });
  navigator.serviceWorker.addEventListener('controllerchange', keep);
  try {
    await navigator.serviceWorker.register(worker);
    keep();
  } catch { /* private windows of some browsers: the open page works all the same */ }
}
