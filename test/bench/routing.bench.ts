/**
 * What routing, token limits and spending limits cost per call: `handle()` of a conversation of 20 messages and 4,000
 * tokens that names a model, against the same that names `auto` and has limits (counts cached). Then a simulated day of
 * 50,000 calls in which the cheap tier fails more from 8 to 14 o'clock: when its guard sees it, and whether it flaps.
 */
import { createLimits } from '../../src/budget/createLimits.ts';
import { createSpendingLimits } from '../../src/budget/spendingLimits.ts';
import type { AliasConfig } from '../../src/config/config.ts';
import { createProxy } from '../../src/proxy/createProxy.ts';
import { createRouteQuality } from '../../src/routing/createRouteQuality.ts';
import type { TokenCount } from '../../src/tokens/tokenCount.ts';
import { bytesOf, jsonReply, proxyDouble, proxyRequest, testCatalog, testConfig } from '../support/proxyDeps.ts';
import { simulateDay } from '../support/simulateDay.ts';

const text = 'Please look at the following part of the report and say what it means. '.repeat(13);
const messages = [
  { role: 'system', content: 'You help.' },
  ...Array.from({ length: 19 }, (_, n) => ({ role: n % 2 === 0 ? 'user' : 'assistant', content: `${n} ${text}` })),
];
const answer = jsonReply({
  id: 'c',
  model: 'gpt-test',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Yes.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 4000, completion_tokens: 2 },
});
const alias: AliasConfig = {
  targets: [{ provider: 'openai', model: 'gpt-test' }],
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

const counted = new Map<string, TokenCount>();
const tokenCounter = {
  count: async (texts: readonly string[]) =>
    texts.map((one) => {
      const known = counted.get(one) ?? { basis: 'exact' as const, tokens: Math.ceil(one.length / 4.4) };
      counted.set(one, known);
      return known;
    }),
};
const quality = createRouteQuality({
  now: Date.now,
  memory: { load: () => [], save: () => undefined },
  onMove: () => undefined,
  onChange: () => undefined,
});
const limits = createLimits({
  catalogOf: () => testCatalog,
  tokenCounter,
  spending: createSpendingLimits({ now: Date.now, history: () => 0n, onEvent: () => undefined }),
  onUncounted: () => undefined,
  onUnpriced: () => undefined,
});
const upstream = async () => answer;
const bare = createProxy(proxyDouble(upstream, { ledger: { record: () => undefined } }).deps);
const full = createProxy(
  proxyDouble(upstream, { ledger: { record: () => undefined }, configOf: () => config, tokenCounter, limits, quality })
    .deps,
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
  const floor = await medianMs(bare, 'gpt-test', round);
  const routed = await medianMs(full, 'auto', round);
  if (round > 1) differences.push(routed - floor);
  if (round > 1) floors.push(floor);
}
const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
console.log(
  `bare call ${middle(floors).toFixed(3)} ms of CPU at the median; routed and limited +${middle(differences).toFixed(3)} ms (limit 0.3)`,
);

const minutes = (ms: number | undefined): string => (ms === undefined ? 'never' : `${(ms / 60_000).toFixed(1)} min`);
for (const planted of [0.1, 0.2, 0.4]) {
  for (let seed = 1; seed <= 3; seed++) {
    const guard = { maxErrorRate: 0.05, minCalls: 30, windowMs: 3_600_000 };
    const day = simulateDay({ calls: 50_000, guard, seed, planted });
    console.log(
      `errors 2 % to ${planted * 100} %, window 60 min, seed ${seed}: seen after ${minutes(day.detectedAfterMs)}, back after ${minutes(day.returnedAfterMs)}, ` +
        `${day.moves.length} moves, ${day.failures} failed answers instead of ${day.failuresUnguarded}`,
    );
  }
}
