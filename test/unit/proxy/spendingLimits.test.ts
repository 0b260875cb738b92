import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLimits } from '../../../src/budget/createLimits.ts';
import { createPromptCounter } from '../../../src/budget/promptCounter.ts';
import { createSpendingLimits, type SpendingEvent } from '../../../src/budget/spendingLimits.ts';
import { machineSpender } from '../../../src/budget/spendingScope.ts';
import type { AliasConfig, Config, SpendingLimit } from '../../../src/config/config.ts';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import type { HeaderPairs, ProxyResponse } from '../../../src/proxy/exchange.ts';
import {
  bytesOf,
  fallbackOnEverything,
  header,
  jsonReply,
  proxyDouble,
  proxyRequest,
  sseReply,
  testCatalog,
  testConfig,
  textOf,
} from '../../support/proxyDeps.ts';
import { soakRounds } from '../../support/soak.ts';

const alias = (model: string): AliasConfig => ({
  targets: [{ provider: 'openai', model }],
  maxOutputTokens: 1000,
  onOverflow: 'error',
  fallback: fallbackOnEverything,
});
/** gpt-test costs $10 per million answer tokens, gpt-dear $1,000. */
const tiers = { aliases: { fast: alias('gpt-test'), smart: alias('gpt-dear') }, tiers: ['fast', 'smart'] };
const limit = (limitUsd: number, more: Partial<SpendingLimit> = {}): SpendingLimit => ({
  scope: 'workspace',
  limitUsd,
  window: 'day',
  warnAt: [],
  onExceed: 'block',
  ...more,
});

const usage = (output: number) => ({ prompt_tokens: 10, completion_tokens: output, total_tokens: 10 + output });
const says = (output: number): ProxyResponse =>
  jsonReply({
    id: 'c',
    model: 'gpt-test',
    choices: [{ index: 0, message: { role: 'assistant', content: 'a' }, finish_reason: 'stop' }],
    usage: usage(output),
  });
const streams = (output: number): ProxyResponse =>
  sseReply([
    `data: ${JSON.stringify({ id: 'c', model: 'gpt-test', choices: [{ index: 0, delta: { role: 'assistant', content: 'a' }, finish_reason: null }] })}\n\n`,
    `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`,
    `data: ${JSON.stringify({ id: 'c', choices: [], usage: usage(output) })}\n\n`,
    'data: [DONE]\n\n',
  ]);

/** A proxy with real limits before an upstream that the test writes. */
function open(
  budgets: readonly SpendingLimit[],
  answer: () => ProxyResponse | Promise<ProxyResponse>,
  more: Partial<Config> = {},
) {
  const config = testConfig({ ...tiers, budgets, ...more });
  const events: SpendingEvent[] = [];
  const models: string[] = [];
  const spending = createSpendingLimits({ now: () => 0, history: () => 0n, onEvent: (event) => events.push(event) });
  const double = proxyDouble(
    async ({ body }) => {
      models.push(JSON.parse(Buffer.from(body instanceof Uint8Array ? body : []).toString()).model);
      return answer();
    },
    { configOf: () => config },
  );
  const prompts = createPromptCounter(double.deps.tokenCounter);
  const limits = createLimits({
    catalogOf: () => testCatalog,
    prompts,
    spending,
    onUnpriced: () => undefined,
  });
  const proxy = createProxy({ ...double.deps, limits });
  const ask = (model: string, body: object = {}, headers: HeaderPairs = [], path = '/v1/chat/completions') =>
    proxy.handle(
      proxyRequest(
        path,
        { model, messages: [{ role: 'user', content: 'q' }], ...body },
        { headers: [['authorization', 'Bearer sk-client'], ...headers] },
      ),
    );
  const state = () => {
    const [one] = spending.states({ spender: machineSpender('w1'), limits: budgets });
    assert.ok(one !== undefined);
    return one;
  };
  return { ask, state, models, events, settled: proxy.settled, recorded: double.recorded };
}

describe('a limit that downgrades', () => {
  const down = limit(0.5, { onExceed: 'downgrade' });

  test('sends a call that it does not cover to the next lower tier, and says so', async () => {
    const { ask, models, events, recorded, state, settled } = open([down], () => says(100));
    const response = await ask('smart');
    assert.equal(response.status, 200);
    assert.equal(header(response, 'x-tollgate-budget'), 'action=downgrade;scope=workspace;from=smart;to=fast');
    assert.equal(header(response, 'x-tollgate-alias'), 'fast');
    await settled();
    assert.deepEqual(models, ['gpt-test']);
    assert.equal(recorded[0]?.call.alias, 'fast');
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['downgraded'],
    );
    assert.deepEqual([state().spentPicoUsd, state().reservedPicoUsd], [1_010_000_000n, 0n]);
  });

  test('a routed call keeps its route and goes down with it', async () => {
    const { ask } = open([down], () => says(1), { routes: [{ name: 'all', match: {}, use: 'smart' }] });
    const response = await ask('auto');
    assert.equal(header(response, 'x-tollgate-route'), 'all;tier=fast;reason=match;from=smart;because=budget');
    assert.equal(header(response, 'x-tollgate-budget'), 'action=downgrade;scope=workspace;from=smart;to=fast');
  });

  test('goes on at the lowest tier, and at the alias that the limit names', async () => {
    const spent = limit(0.000001, { onExceed: 'downgrade' });
    const lowest = open([spent], () => says(100));
    for (let call = 0; call < 3; call++) assert.equal((await lowest.ask('fast')).status, 200);
    const named = open([{ ...spent, downgradeTo: 'fast' }], () => says(100), { tiers: [] });
    const response = await named.ask('gpt-dear', { max_tokens: 10 });
    assert.equal(header(response, 'x-tollgate-budget'), 'action=downgrade;scope=workspace;from=gpt-dear;to=fast');
    assert.equal((await named.ask('fast')).status, 200);
    assert.deepEqual(named.models, ['gpt-test', 'gpt-test']);
  });

  test('refuses where nothing cheaper exists, or not even that fits the limits that block', async () => {
    const nothing = open([limit(0.000001, { onExceed: 'downgrade' })], () => says(1));
    const none = await nothing.ask('gpt-dear', { max_tokens: 100 });
    assert.equal(none.status, 402);
    assert.match(await textOf(none), /does not cover this call/);
    const tight = open([down, limit(0.001)], () => says(1));
    assert.equal((await tight.ask('smart', { max_tokens: 1000 })).status, 402);
    assert.deepEqual([nothing.models, tight.models], [[], []]);
    const state = tight.state();
    assert.deepEqual([state.spentPicoUsd, state.reservedPicoUsd], [0n, 0n]);
  });
});

test('a call whose cost nobody knows is counted at what it may have cost, in the row too', async () => {
  const reply = { model: 'my-ft', choices: [], usage: usage(50) };
  const { ask, state, recorded, settled } = open([limit(10)], () => jsonReply(reply));
  const response = await ask('my-ft', { max_tokens: 100 });
  assert.equal(header(response, 'x-tollgate-cost-status'), 'unpriced');
  await settled();
  // 10 prompt and 50 answer tokens at the prices of gpt-dear.
  assert.equal(state().spentPicoUsd, 51_000_000_000n);
  assert.deepEqual(
    [recorded[0]?.call.uncostedPicoUsd, recorded[0]?.attempts[0]?.costStatus],
    [51_000_000_000, 'unpriced'],
  );
});

test('a refusal is 402 in the caller’s dialect, is not to be tried again, and asks no upstream', async () => {
  const { ask, models } = open([limit(0.001, { scope: 'feature', window: 'month' })], () => says(1), {
    reconcile: { toleranceRatio: 0, timezone: 'Europe/Berlin' },
  });
  const headers = [['x-tollgate-feature', 'search']] as const;
  const says402 =
    /^The limit of \$0\.0010 per month for feature:search does not cover this call: \$0\.00 is spent, and the call may cost up to \$10\.\d+\. The count starts again at 1970-02-01 00:00 Europe\/Berlin\. To go on, raise "limitUsd" under "budgets" in tollgate\.jsonc/;
  for (const stream of [false, true]) {
    for (const [path, body] of [
      ['/v1/chat/completions', { max_tokens: 10_000, stream }],
      ['/v1/responses', { input: 'q', messages: undefined, max_output_tokens: 10_000, stream }],
      ['/v1/messages', { max_tokens: 10_000, stream }],
    ] as const) {
      const response = await ask(path === '/v1/messages' ? 'claude-dear' : 'gpt-dear', body, headers, path);
      assert.equal(response.status, 402, path);
      assert.equal(header(response, 'x-should-retry'), 'false');
      assert.equal(header(response, 'content-type'), 'application/json');
      const value = JSON.parse(await textOf(response));
      if (path === '/v1/messages') assert.deepEqual([value.type, value.error.type], ['error', 'billing_error']);
      else assert.deepEqual([value.error.type, value.error.code], ['budget_exceeded', 'budget_exceeded']);
      if (path !== '/v1/messages') assert.match(value.error.message, says402);
      else assert.match(value.error.message, /limit of \$0\.0010 per month for feature:search/);
    }
  }
  assert.deepEqual(models, []);
});

for (const [kind, answer] of [
  ['JSON', says],
  ['streamed', streams],
] as const)
  test(`200 parallel ${kind} calls on a dollar never settle above it`, async () => {
    const runs = Math.max(1, Math.round(soakRounds(0.2)));
    for (let run = 0; run < runs; run++) {
      const budget = limit(1);
      const waiting: (() => void)[] = [];
      // Each answer is as long as it may be, and comes in no order.
      const { ask, state, models, settled } = open([budget], async () => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return answer(1000);
      });
      const calls = Array.from({ length: 200 }, async () => {
        const response = await ask('fast', { stream: kind === 'streamed' });
        await bytesOf(response);
        return response.status;
      });
      let open200 = 200;
      for (const call of calls) void call.finally(() => open200--);
      let turn = run;
      while (open200 > 0) {
        await new Promise((resolve) => setImmediate(resolve));
        turn = (turn * 31 + 7) % 997;
        const [next] = waiting.splice(turn % Math.max(1, waiting.length), 1);
        next?.();
      }
      const statuses = await Promise.all(calls);
      await settled();
      const passed = statuses.filter((status) => status === 200).length;
      // $0.01001 each: 99 fit; a refused one has asked nobody.
      assert.deepEqual([...new Set(statuses)].sort(), [200, 402]);
      assert.equal(models.length, passed);
      const { spentPicoUsd, reservedPicoUsd } = state();
      assert.equal(reservedPicoUsd, 0n);
      assert.ok(spentPicoUsd <= 1_000_000_000_000n, `${spentPicoUsd}`);
      assert.ok(passed >= 90, `${passed}`);
    }
  });
