// What a look-up costs with 10,000 answers in one scope, beside the least that any cache does: hash the body, look in a Map.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnswerScope, CacheLookup, KeptAnswerCache } from '../../src/cache/answerCache.ts';
import { cacheSchema } from '../../src/cache/cacheSchema.ts';
import { createAnswerCache } from '../../src/cache/createAnswerCache.ts';
import { defaultConfig } from '../../src/config/defaultConfig.ts';
import { openStore } from '../../src/store/openStore.ts';
import type { ParsedRequest } from '../../src/wire/parsedRequest.ts';
import { parseRequest } from '../../src/wire/parseRequest.ts';

const entries = 10_000;
const measured = 2000;
const answer = JSON.stringify({ choices: [{ message: { content: 'An answer of some length. '.repeat(40) } }] });

const scope: AnswerScope = {
  workspaceId: 'w',
  session: 's',
  user: undefined,
  namespace: undefined,
  provider: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  model: 'gpt-4o-mini',
  alias: undefined,
  credential: 'c',
  variant: '',
};
const directives = { skipRead: false, skipWrite: false, onlyIfCached: false };
const { cache: defaults } = defaultConfig;
const config = {
  ...defaults,
  exact: { ...defaults.exact, mode: 'on' as const },
  semantic: { ...defaults.semantic, mode: 'on' as const },
};

function request(question: string): ParsedRequest {
  const system = 'You answer questions of developers in a few sentences, and say so when you do not know. '.repeat(5);
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: question },
  ];
  const parsed = parseRequest(
    'chat.completions',
    Buffer.from(JSON.stringify({ model: 'gpt-4o-mini', temperature: 0, messages })),
  );
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.request;
}

const verbs = ['delete', 'rename', 'copy', 'list', 'create', 'find', 'open', 'check', 'change', 'sort'];
const things = ['branch', 'container', 'table', 'folder', 'process', 'variable', 'module', 'package', 'index', 'user'];
/** Ten thousand different questions, and each of them in other words. */
const asked = (n: number): string =>
  `How do I ${verbs[n % 10]} the ${things[Math.floor(n / 10) % 10]} number ${n} in git?`;
const reworded = (n: number): string =>
  `Hi, could you tell me how to ${verbs[n % 10]} the ${things[Math.floor(n / 10) % 10]} number ${n} in git`;
const unknown = (n: number): string => asked(n + entries);

/** Microseconds per look-up; of the clock without those that the machine interrupted for another program. */
interface Measured {
  readonly p50: number;
  readonly p99: number;
  /** This thread's time on a processor, on average: other programs do not lengthen it. */
  readonly cpu: number;
}

function measure(calls: number, run: (n: number) => unknown): Measured {
  for (let n = 0; n < 300; n++) run(calls - 1 - (n % calls));
  const times: number[] = [];
  const before = process.threadCpuUsage();
  for (let n = 0; n < calls; n++) {
    const interrupted = process.resourceUsage().involuntaryContextSwitches;
    const from = performance.now();
    run(n);
    const us = (performance.now() - from) * 1000;
    if (process.resourceUsage().involuntaryContextSwitches === interrupted) times.push(us);
  }
  const { user, system } = process.threadCpuUsage(before);
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), cpu: (user + system) / calls };
}

function fill(cache: KeptAnswerCache): void {
  for (let n = 0; n < entries; n++) {
    const found = lookUp(cache, asked(n));
    if (!('ticket' in found) || found.ticket === undefined) throw new Error(`no ticket: ${found.outcome}`);
    cache.store(
      found.ticket,
      {
        endpoint: 'chat.completions',
        json: answer,
        model: 'gpt-4o-mini',
        finish: 'stop',
        usage: { input: 9, output: 9 },
      },
      1_000_000,
    );
  }
  cache.flush();
}

function lookUp(cache: KeptAnswerCache, question: string): CacheLookup {
  const found = cache.lookup(request(question), scope, directives, config);
  if (found instanceof Promise) throw new Error('the SQLite cache answers at once');
  return found;
}

function expect(outcome: CacheLookup['outcome'], found: CacheLookup): void {
  if (found.outcome !== outcome) throw new Error(`${found.outcome} instead of ${outcome}`);
}

const folder = mkdtempSync(join(tmpdir(), 'tollgate-bench-'));
const store = openStore({ path: join(folder, 'bench.db'), schemas: [cacheSchema], clock: Date.now });
const startTimer = (ms: number, fire: () => void): (() => void) => {
  const timer = setTimeout(fire, ms);
  return () => clearTimeout(timer);
};
const cache = createAnswerCache({
  store,
  clock: { now: Date.now, startTimer },
  onProblem: (message) => {
    throw new Error(message);
  },
});
try {
  const requests = Array.from({ length: measured }, (_, n) => request(asked(n * 5)));
  const bodies = requests.map(({ bytes }) => bytes);
  const map = new Map<string, string>();
  for (let n = 0; n < entries; n++) map.set(hashOf(request(asked(n)).bytes), answer);
  fill(cache);

  const floor = measure(measured, (n) => map.get(hashOf(bodies[n] ?? new Uint8Array())));
  const parse = measure(measured, (n) => parseRequest('chat.completions', bodies[n] ?? new Uint8Array()));
  const rows: [string, Measured][] = [
    ['floor: SHA-256 of the bytes and a Map', floor],
    ['reading the body, which comes before', parse],
    ['exact hit', measure(measured, (n) => expect('hitExact', look(requests[n])))],
  ];
  const rewordings = Array.from({ length: measured }, (_, n) => request(reworded(n * 5)));
  rows.push(['hit in other words', measure(measured, (n) => expect('hitWording', look(rewordings[n])))]);
  const misses = Array.from({ length: measured }, (_, n) => request(unknown(n)));
  rows.push(['miss', measure(measured, (n) => expect('miss', look(misses[n])))]);
  console.log(`${entries} answers in one scope, ${megabytes()} MB; microseconds per look-up`);
  console.log('|  | p50 | p99 | p50 / floor | CPU, mean |\n|---|---|---|---|---|');
  for (const [name, { p50, p99, cpu }] of rows) {
    const ratio = (p50 / floor.p50).toFixed(1);
    console.log(`| ${name} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${ratio} | ${cpu.toFixed(1)} |`);
  }
} finally {
  cache.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
}

function megabytes(): number {
  const stats = cache.stats();
  if (stats instanceof Promise) throw new Error('the SQLite cache answers at once');
  return Math.round(stats.bytes / 1024 / 1024);
}

function look(asking: ParsedRequest | undefined): CacheLookup {
  if (asking === undefined) throw new Error('no request');
  const found = cache.lookup(asking, scope, directives, config);
  if (found instanceof Promise) throw new Error('the SQLite cache answers at once');
  return found;
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
