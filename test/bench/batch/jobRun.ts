// One job of the batch benchmark in a process of its own: `BASE_URL PROVIDER SHAPE ITEMS`. Prints what planning, sending
// and collecting took as JSON, with the same bytes read, parsed and written in the plainest way beside it.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createTokenCounter } from '../../../src/tokens/createTokenCounter.ts';
import { spawnTokenWorker } from '../../../src/tokens/spawnTokenWorker.ts';
import { createBatchHarness, workspaceId } from '../../support/batchHarness.ts';
import { writeInputs } from './inputs.ts';

export interface Measured {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Of it, within the operating system. */
  readonly systemMs: number;
  /** The most the process had until then. */
  readonly peakMb: number;
}

export interface JobRun {
  /** Before anything was planned. */
  readonly startMb: number;
  readonly steps: Readonly<Record<'plan' | 'planFloor' | 'send' | 'collect' | 'collectFloor', Measured>>;
}

const [baseUrl = '', provider = 'openai', shape = 'set', count = '10000'] = process.argv.slice(2);
const items = Number(count);
const workerPath = resolve(import.meta.dirname, '../../../src/tokens/worker.ts');

async function measure(work: () => Promise<void> | void): Promise<Measured> {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return {
    wallMs,
    cpuMs: (user + system) / 1000,
    systemMs: system / 1000,
    peakMb: process.resourceUsage().maxRSS / 1000,
  };
}

let resultsAsked = (): void => undefined;
const asked = new Promise<void>((resolve) => {
  resultsAsked = resolve;
});
let jobEnded = (): void => undefined;
const ended = new Promise<void>((resolve) => {
  jobEnded = resolve;
});
const counter = createTokenCounter({ spawnWorker: () => spawnTokenWorker(workerPath) });
const harness = createBatchHarness({
  ...(provider === 'openai' ? { baseUrl } : { anthropicUrl: baseUrl }),
  deps: {
    tokenCounter: counter,
    onJobEnded: () => jobEnded(),
    fetchFor: () => (input, init) => {
      if (/\/(?:content|results)$/.test(String(input))) resultsAsked();
      return fetch(input, init);
    },
  },
});
try {
  const isSet = shape === 'set';
  const inputs = writeInputs(
    harness.folder,
    isSet ? 'set' : 'files',
    items,
    provider === 'openai' ? 'gpt-4o-mini' : 'claude-haiku-4-5',
  );
  // The tokenizer's tables are there when a service has run for a while.
  await counter.count(['warm'], 'o200k');
  globalThis.gc?.();
  const startMb = process.memoryUsage().rss / 1e6;
  let planId = '';
  const plan = await measure(async () => {
    planId = (await harness.runner.plan({ workspaceId, promptPaths: inputs })).id;
  });
  let id = '';
  const send = await measure(async () => {
    id = (await harness.runner.submit(planId))[0]?.id ?? '';
    await harness.until(id, ({ state }) => state === 'inProgress');
  });
  process.send?.('end');
  await asked;
  const collect = await measure(() => ended);
  const { succeeded } = harness.job(id).totals;
  if (succeeded !== items) throw new Error(`only ${succeeded} of ${items} came home`);
  const planFloor = await measure(() => floor(isSet ? inputs : prompts(inputs[0] ?? '')));
  const results = isSet ? [join(harness.folder, 'set.results.jsonl')] : prompts(inputs[0] ?? '', '.result.md');
  const collectFloor = await measure(() => floor(results));
  const run: JobRun = { startMb, steps: { plan, planFloor, send, collect, collectFloor } };
  process.send?.(run);
} finally {
  await counter.dispose();
  await harness.dispose();
}
process.disconnect?.();

function prompts(folder: string, ending = ''): string[] {
  const isResult = (name: string): boolean => name.endsWith('.result.md');
  return readdirSync(folder)
    .filter((name) => isResult(name) === (ending !== ''))
    .map((name) => join(folder, name));
}

/** The same bytes: lines parsed and written to one file; files read and written one by one. */
function floor(paths: readonly string[]): void {
  const copies = join(harness.folder, 'copies');
  rmSync(copies, { recursive: true, force: true });
  mkdirSync(copies);
  for (const [index, path] of paths.entries()) {
    statSync(path);
    const text = readFileSync(path, 'utf8');
    const lines = path.endsWith('.jsonl') ? text.split('\n').filter((line) => line !== '') : undefined;
    const copy = lines?.map((line) => `${JSON.stringify(JSON.parse(line))}\n`).join('') ?? text;
    writeFileSync(join(copies, String(index)), copy);
  }
}
