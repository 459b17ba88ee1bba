// Keeps a progress panel current. The server answers {state, stage, share, message};
// state: queued, running, done, failed or cancelled; share: 0 to 1.
const EVERY_MS = 1000;
const SLOWEST_MS = 15000;

for (const panel of document.querySelectorAll('[data-progress-url]')) watch(panel);

function watch(panel) {
  let wait = EVERY_MS;
  const again = () => setTimeout(ask, wait);

  async function ask() {
    try {
      const reply = await fetch(panel.dataset.progressUrl, { headers: { Accept: 'application/json' }, cache: 'no-store' });
      if (!reply.ok) throw new Error(reply.status);
      const job = await reply.json();
      wait = EVERY_MS;
      show(panel, job);
      if (job.state === 'done') location.assign(panel.dataset.doneUrl);
      else if (job.state === 'queued' || job.state === 'running') again();
    } catch {
      wait = Math.min(wait * 2, SLOWEST_MS); // server restarting or network gone: keep asking, more slowly
      again();
    }
  }
  again();
}

function show(panel, job) {
  const bar = panel.querySelector('progress');
  const text = panel.querySelector('[data-progress-stage]');
  bar.value = job.share;
  panel.querySelector('[data-progress-share]').textContent = Math.round(job.share * 100);
  if (job.state === 'failed' || job.state === 'cancelled') {
    panel.classList.add('stopped');
    text.textContent = job.message || panel.dataset.failedText;
    return;
  }
  let passed = true;
  const stages = [...panel.querySelectorAll('[data-stage]')];
  if (!stages.some((item) => item.dataset.stage === job.stage)) return;
  for (const item of stages) {
    const now = item.dataset.stage === job.stage;
    if (now) passed = false;
    item.className = now ? 'now' : passed ? 'done' : '';
    if (now && text.textContent !== item.textContent) text.textContent = item.textContent;
  }
}
