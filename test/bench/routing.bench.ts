/**
 * What routing, token limits and spending limits cost per call: `handle()` of a conversation of 20 messages and 4,000
 * tokens that names a model, against the same that names `auto` and has limits (counts cached). Then a simulated day of
 * 50,000 calls in which the cheap tier fails more from 8 to 14 o'clock: when its guard sees it, and whether it flaps.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLimits } from '../../src/budget/createLimits.ts';
import { createPromptCounter } from '../../src/budget/promptCounter.ts';
import { createSpendingLimits } from '../../src/budget/spendingLimits.ts';
import { loadCatalog } from '../../src/catalog/loadCatalog.ts';
import type { AliasConfig } from '../../src/config/config.ts';
import { createProxy } from '../../src/proxy/createProxy.ts';
import { createRouteQuality } from '../../src/routing/createRouteQuality.ts';
import { createTokenCounter } from '../../src/tokens/createTokenCounter.ts';
import type { CountReply, TokenWorker } from '../../src/tokens/tokenWorker.ts';
import { bytesOf, jsonReply, proxyDouble, proxyRequest, testConfig } from '../support/proxyDeps.ts';
import { simulateDay } from '../support/simulateDay.ts';

const text = 'Please look at the following part of the report and say what it means. '.repeat(13);
const messages = [
  { role: 'system', content: 'You help.' },
  ...Array.from({ length: 19 }, (_, n) => ({ role: n % 2 === 0 ? 'user' : 'assistant', content: `${n} ${text}` })),
];
const answer = jsonReply({
  id: 'c',
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Yes.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 4000, completion_tokens: 2 },
});
const alias: AliasConfig = {
  targets: [{ provider: 'openai', model: 'gpt-4o-mini' }],
  maxInputTokens: 6000,
  maxOutputTokens: 1000,
  onOverflow: 'truncate',
  fallback: { on: [], maxAttempts: 1, deadlineMs: 60_000 },
};
const config = testConfig({
  aliases: { fast: alias, smart: alias },
  tiers: ['fast', 'smart'],
  routes: [
    { name: 'labels', match: { task: 'label' }, use: 'fast' },
    { name: 'rag', match: { callSite: ['src/rag/**', 'src/search/*.ts'] }, use: 'smart' },
    {
      name: 'long',
      match: { minInputTokens: 2000 },
      use: 'fast',
      guard: { maxErrorRate: 0.05, minCalls: 30, windowMs: 3_600_000 },
    },
  ],
  budgets: [{ scope: 'workspace', limitUsd: 1_000_000, window: 'day', warnAt: [], onExceed: 'block' }],
});

/** Counts at once, in the same thread: what is measured is a call whose texts have been counted before. */
function instantWorker(): TokenWorker {
  let answer: (reply: CountReply) => void = () => undefined;
  return {
    send: ({ id, texts }) => answer({ id, counts: texts.map((one) => Math.ceil(one.length / 4.4)) }),
    onReply(listener) {
      answer = listener;
    },
    onEnd: () => undefined,
    hold: () => undefined,
    terminate: async () => undefined,
  };
}
const tokenCounter = createTokenCounter({ spawnWorker: instantWorker });
const prompts = createPromptCounter(tokenCounter);
const catalog = loadCatalog(JSON.parse(readFileSync(join(import.meta.dirname, '../../media/prices.json'), 'utf8')));
const quality = createRouteQuality({
  now: Date.now,
  memory: { load: () => [], save: () => undefined },
  onMove: () => undefined,
  onChange: () => undefined,
});
const limits = createLimits({
  catalogOf: () => catalog,
  prompts,
  spending: createSpendingLimits({ now: Date.now, history: () => 0n, onEvent: () => undefined }),
  onUnpriced: () => undefined,
});
const upstream = async () => answer;
const bare = createProxy(proxyDouble(upstream, { ledger: { record: () => undefined }, catalogOf: () => catalog }).deps);
const full = createProxy(
  proxyDouble(upstream, {
    ledger: { record: () => undefined },
    catalogOf: () => catalog,
    configOf: () => config,
    tokenCounter,
    prompts,
    limits,
    quality,
  }).deps,
);

async function medianMs(proxy: typeof bare, model: string, serial: number): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < 200; n++) {
    const body = JSON.stringify({ model, messages: [...messages, { role: 'user', content: `${serial} ${n}` }] });
    const request = proxyRequest('/v1/chat/completions', body);
    const from = process.cpuUsage();
    await bytesOf(await proxy.handle(request));
    const { user, system } = process.cpuUsage(from);
    took.push((user + system) / 1000);
  }
  await proxy.settled();
  return took.toSorted((a, b) => a - b)[100] ?? 0;
}

const differences: number[] = [];
const floors: number[] = [];
for (let round = 0; round < 7; round++) {
  const floor = await medianMs(bare, 'gpt-4o-mini', round);
  const routed = await medianMs(full, 'auto', round);
  if (round > 1) differences.push(routed - floor);
  if (round > 1) floors.push(floor);
}
const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
console.log(
  `bare call ${middle(floors).toFixed(3)} ms of CPU at the median; routed and limited +${middle(differences).toFixed(3)} ms (limit 0.3)`,
);

const minutes = (values: readonly number[], share: number): string =>
  ((values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN) / 60_000).toFixed(0);
const seeds = Array.from({ length: Number(process.env.SEEDS ?? 10) }, (_, n) => n + 1);
const guard = { maxErrorRate: 0.05, minCalls: 30, windowMs: 3_600_000 };
for (const planted of [0.02, 0.1, 0.2, 0.4]) {
  const days = seeds.map((seed) => simulateDay({ calls: 50_000, guard, seed, planted }));
  const expected = planted === 0.02 ? 0 : 2;
  const flapped = days.filter(({ moves }) => moves.length > expected).length;
  const seen = days.flatMap(({ detectedAfterMs }) => detectedAfterMs ?? []);
  const back = days.flatMap(({ returnedAfterMs }) => returnedAfterMs ?? []);
  const sum = (pick: (day: (typeof days)[number]) => number): number => days.reduce((all, day) => all + pick(day), 0);
  console.log(
    `errors 2 % to ${planted * 100} % for 6 of 24 hours, 50,000 calls a day, window 60 min: seen on ${seen.length} of ${days.length} days after ` +
      `${minutes(seen, 0.5)} min (longest ${minutes(seen, 1)}), back on ${back.length} after ${minutes(back, 0.5)} min (longest ${minutes(back, 1)}), ` +
      `flapped on ${flapped}; ${Math.round(sum((day) => day.failures) / days.length)} failed answers a day instead of ${Math.round(sum((day) => day.failuresUnguarded) / days.length)}`,
  );
}
