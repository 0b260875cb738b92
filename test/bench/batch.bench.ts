// Planning and collecting large jobs: wall and CPU time, and how much memory more than before. `npm run bench -- batch`
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBatchHarness, workspaceId } from '../support/batchHarness.ts';
import { chatAnswer, startScriptedBatchServer } from '../support/scriptedBatchServer.ts';

const sizes = process.argv.includes('--large') ? [10_000, 50_000] : [10_000];
const contentCharacters = 600;

interface Measured {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}

/** Peak is of the whole process, looked at every 20 ms, above what it was. */
async function measure(work: () => Promise<void>): Promise<Measured> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let peak = before;
  const looking = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(looking);
  return { wallMs, cpuMs: (user + system) / 1000, peakMb: (Math.max(peak, process.memoryUsage().rss) - before) / 1e6 };
}

function tell(what: string, size: number, { wallMs, cpuMs, peakMb }: Measured): void {
  const figures = `${wallMs.toFixed(0).padStart(6)} ms wall ${cpuMs.toFixed(0).padStart(6)} ms CPU  +${peakMb.toFixed(0)} MB`;
  console.log(`${what.padEnd(28)} ${String(size).padStart(6)} items ${figures}`);
}

/** The server is in this process too; so that its part is not counted, its answers are made before. */
async function run(size: number): Promise<void> {
  const server = await startScriptedBatchServer({ statuses: ['in_progress', 'in_progress', 'completed'] });
  server.script.result = (line) => chatAnswer(line, 'x'.repeat(200));
  let ended = (): void => undefined;
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const harness = createBatchHarness({ baseUrl: server.baseUrl, deps: { onJobEnded: () => ended() } });
  try {
    const set = join(harness.folder, 'set.jsonl');
    for (let from = 0; from < size; from += 1000) {
      const lines = Array.from({ length: Math.min(1000, size - from) }, (_, index) =>
        JSON.stringify({
          custom_id: `r${from + index}`,
          method: 'POST',
          url: '/v1/chat/completions',
          body: {
            model: 'gpt-4o-mini',
            max_tokens: 50,
            messages: [{ role: 'user', content: `${from + index} ${'x'.repeat(contentCharacters)}` }],
          },
        }),
      );
      appendFileSync(set, `${lines.join('\n')}\n`);
    }
    let planId = '';
    tell(
      'plan (counting left out)',
      size,
      await measure(async () => {
        const plan = await harness.runner.plan({ workspaceId, promptPaths: [set] });
        planId = plan.id;
      }),
    );
    const [job] = await harness.runner.submit(planId);
    const id = job?.id ?? '';
    // The answers are made when the batch ends: what is measured begins before the results are fetched.
    await harness.until(id, ({ state }) => state === 'inProgress');
    tell('from the end to results', size, await measure(() => end));
    const { totals } = harness.job(id);
    if (totals.succeeded !== size) throw new Error(`only ${totals.succeeded} of ${size} came home`);
  } finally {
    await harness.dispose();
    await server.stop();
  }
}

for (const size of sizes) await run(size);
