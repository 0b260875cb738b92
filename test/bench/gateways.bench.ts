/**
 * The service as it runs, beside the provider alone, nginx, a bare undici proxy and (with `--portkey`) Portkey's gateway,
 * in rounds of one run. Alias, token, exact cache and ledger are in use; every body differs, so no cache answers.
 *
 *   npm run bench -- gateways [--portkey] [--rounds=5] [--seconds=2] [--requests=100000]
 *
 * Load and systems share the machine's cores: judge by the ratios, and by CPU before time where the machine is busy.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type System,
  startNginx,
  startPortkey,
  startProvider,
  startTollgate,
  startUndiciProxy,
} from './gateways/peers.ts';
import { cpuMsOf, createProcesses, hasProc, type Processes, rssMbOf, runFile } from './gateways/processes.ts';

interface Load {
  readonly clients: number;
  readonly ms?: number;
  readonly requests?: number;
  /** Chunks and the milliseconds between them: `20x5`. */
  readonly stream?: string;
  readonly bytes?: number;
}

interface Figures {
  readonly answers: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly chunks: number;
  readonly chunksPerSecond: number;
  readonly p50Ms: number;
  readonly firstP50Ms: number;
  /** Of the system under load, all its threads. */
  readonly cpuMs: number;
}

const load = fileURLToPath(new URL('./gateways/load.mjs', import.meta.url));

async function measure(system: System, provider: System, asked: Load): Promise<Figures> {
  const { port, headers, model, pid } = system;
  const before = await arrivedAt(provider);
  const cpu = cpuMsOf(pid);
  const { stdout } = await runFile(process.execPath, [load, JSON.stringify({ port, headers, model, ...asked })]);
  const cpuMs = cpuMsOf(pid) - cpu;
  const figures: Omit<Figures, 'cpuMs'> = JSON.parse(stdout);
  const arrived = (await arrivedAt(provider)) - before;
  if (figures.failed > 0) throw new Error(`${system.name}: ${figures.failed} of ${figures.answers} failed`);
  if (arrived < figures.answers) throw new Error(`${system.name}: ${figures.answers} answers, ${arrived} asked`);
  return { ...figures, cpuMs };
}

async function arrivedAt({ port }: System): Promise<number> {
  return Number(await (await fetch(`http://127.0.0.1:${port}/`)).text());
}

function option(name: string, fallback: number): number {
  const given = process.argv.find((argument) => argument.startsWith(`--${name}=`));
  return given === undefined ? fallback : Number(given.slice(name.length + 3));
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

interface Kind {
  readonly title: string;
  readonly load: Load;
  readonly figures: readonly { readonly name: string; readonly of: (figures: Figures) => number }[];
}

function kindsOf(ms: number): readonly Kind[] {
  const perAnswer = { name: 'CPU ms/1k requests', of: ({ cpuMs, answers }: Figures) => (cpuMs * 1000) / answers };
  const perSecond = { name: 'requests/s', of: (figures: Figures) => figures.perSecond };
  const chunkCpu = { name: 'CPU ms/100k chunks', of: ({ cpuMs, chunks }: Figures) => (cpuMs * 100_000) / chunks };
  const p50 = { name: 'p50 ms', of: ({ p50Ms }: Figures) => p50Ms };
  return [
    { title: 'JSON, 16 clients', load: { clients: 16, ms }, figures: [perSecond, p50, perAnswer] },
    { title: 'JSON, 1 client', load: { clients: 1, ms }, figures: [perSecond, p50, perAnswer] },
    {
      title: 'SSE, 16 clients, 20 chunks of 5 ms',
      load: { clients: 16, ms, stream: '20x5' },
      figures: [{ name: 'first chunk p50 ms', of: ({ firstP50Ms }) => firstP50Ms }, chunkCpu],
    },
    {
      title: 'SSE flood, 4 clients, 2000 chunks at once',
      load: { clients: 4, ms, stream: '2000x0' },
      figures: [{ name: 'chunks/s', of: ({ chunksPerSecond }) => chunksPerSecond }, chunkCpu],
    },
  ];
}

/** Every system in turn, forwards and backwards; medians of the rounds, and of each round's ratio to Tollgate's. */
async function compare(systems: readonly System[], provider: System, rounds: number, kind: Kind): Promise<void> {
  const measured = new Map(systems.map((system) => [system.name, [] as Figures[]]));
  for (let round = 0; round < rounds; round++)
    for (const system of round % 2 === 0 ? systems : systems.toReversed())
      measured.get(system.name)?.push(await measure(system, provider, kind.load));
  const ours = measured.get('tollgate') ?? [];
  console.log(`\n${kind.title} (tollgate / other: median of each round's ratio)`);
  for (const { name } of systems) {
    const rows = measured.get(name) ?? [];
    const cells = kind.figures.map(({ name: figure, of }) => {
      const ratio = median(ours.map((own, round) => of(own) / of(rows[round] ?? own)));
      const spread = name === 'tollgate' ? '' : ` (${ratio.toFixed(2)})`;
      return `${figure} ${median(rows.map(of)).toFixed(2)}${spread}`;
    });
    console.log(`  ${name.padEnd(9)} ${cells.join('   ')}`);
  }
}

const largeBytes = 2_000_000;

/** One body of 2 MB at a time, in turns. */
async function largeBodies(
  undici: System,
  ours: Awaited<ReturnType<typeof startTollgate>>,
  provider: System,
): Promise<void> {
  const asked = { clients: 1, requests: 15, bytes: largeBytes };
  const added: number[] = [];
  await measure(ours, provider, asked);
  await ours.longestStallMs();
  for (let round = 0; round < 5; round++)
    added.push((await measure(ours, provider, asked)).p50Ms - (await measure(undici, provider, asked)).p50Ms);
  const stall = await ours.longestStallMs();
  console.log(`\nbody of 2 MB: ${median(added).toFixed(2)} ms more than undici; longest stall ${stall.toFixed(1)} ms`);
}

/** Memory while `total` requests are served, in ten steps. */
async function memory(ours: System, provider: System, total: number): Promise<void> {
  const sizes: string[] = [rssMbOf(ours.pid).toFixed(0)];
  for (let step = 0; step < 10; step++) {
    await measure(ours, provider, { clients: 16, requests: Math.ceil(total / 10) });
    sizes.push(rssMbOf(ours.pid).toFixed(0));
  }
  console.log(`\nRSS in MB at the start and after each tenth of ${total} requests: ${sizes.join(' ')}`);
}

/** Cold starts with data that is there already, beside Node alone. */
async function coldStart(processes: Processes, provider: System, folder: string): Promise<void> {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < 8; round++) {
    const started = await startTollgate(processes, provider, folder);
    started.child.kill();
    await new Promise((resolve) => started.child.once('exit', resolve));
    ours.push(started.startedInMs);
    bare.push((await processes.start(process.execPath, ['--eval', 'console.log(1)'])).startedInMs);
  }
  const [first = 0, ...later] = ours;
  const alone = median(bare);
  const times = `first ${first.toFixed(0)} ms, later ${median(later).toFixed(0)} ms, Node alone ${alone.toFixed(0)} ms`;
  console.log(`\ncold start to listening: ${times} (${(median(later) / alone).toFixed(2)} of Node alone)`);
}

const warmRequests = 10_000;

async function main(processes: Processes, folder: string): Promise<void> {
  const [rounds, ms] = [option('rounds', 5), option('seconds', 2) * 1000];
  const provider = await startProvider(processes);
  await coldStart(processes, provider, join(folder, 'cold'));
  const undici = await startUndiciProxy(processes, provider);
  const fresh = await startTollgate(processes, provider, join(folder, 'memory'));
  await memory(fresh, provider, option('requests', 100_000));
  fresh.child.kill();
  const ours = await startTollgate(processes, provider, join(folder, 'tollgate'));
  const nginx = await startNginx(processes, provider, join(folder, 'nginx'));
  const systems = [provider, ...(nginx === undefined ? [] : [nginx]), undici, ours];
  if (process.argv.includes('--portkey')) systems.push(await startPortkey(processes, provider));
  else console.log('Portkey: skipped, ask for it with --portkey (brought from npm)');
  for (const system of systems) {
    // Compiled code is what is compared, and a slow gateway needs no more than a slow machine's patience.
    const requests = system.name === 'portkey' ? warmRequests / 5 : warmRequests;
    await measure(system, provider, { clients: 16, requests });
    await measure(system, provider, { clients: 4, requests: 40, stream: '500x0' });
  }
  for (const kind of kindsOf(ms)) await compare(systems, provider, rounds, kind);
  await largeBodies(undici, ours, provider);
}

if (!hasProc()) console.log('skipped: CPU and memory of other processes are read from Linux’s /proc');
else {
  const processes = createProcesses();
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-bench-'));
  try {
    await main(processes, folder);
  } finally {
    processes.endAll();
    rmSync(folder, { recursive: true, force: true });
  }
}
