import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AliasConfig } from '../../../src/config/config.ts';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import type { ProxyResponse, UpstreamRequest } from '../../../src/proxy/exchange.ts';
import type { LimitedCall } from '../../../src/proxy/limits.ts';
import { UpstreamFailed } from '../../../src/proxy/upstreamFailed.ts';
import {
  fallbackOnEverything,
  header,
  jsonReply,
  proxyDouble,
  proxyRequest,
  testConfig,
} from '../../support/proxyDeps.ts';

const alias = (model: string, provider = 'openai'): AliasConfig => ({
  targets: [{ provider, model }],
  onOverflow: 'error',
  fallback: { ...fallbackOnEverything, maxAttempts: 1 },
});

/** Two signs that ask for thought in a short text: one point from "hard". */
const doubtful = 'Explain why the sky is blue.';

const says = (content: string): ProxyResponse =>
  jsonReply({
    id: 'c',
    model: 'gpt-test',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 100, completion_tokens: 2 },
  });

function open(
  judge: (request: UpstreamRequest) => ProxyResponse | Promise<ProxyResponse>,
  changes: { readonly timeoutMs?: number; readonly refuse?: (call: LimitedCall) => boolean } = {},
) {
  const config = testConfig({
    aliases: { fast: alias('gpt-test'), smart: alias('gpt-dear'), judge: alias('gpt-test-judge') },
    tiers: ['fast', 'smart'],
    router: {
      models: ['auto'],
      sticky: 'turn',
      stickyMs: 3_600_000,
      classifier: { mode: 'model', use: 'judge', timeoutMs: changes.timeoutMs ?? 5000 },
    },
  });
  const sent: { readonly model: string; readonly body: unknown; readonly headers: readonly string[] }[] = [];
  const limited: LimitedCall[] = [];
  const double = proxyDouble(
    async (request) => {
      const body = JSON.parse(String(request.body));
      sent.push({ model: body.model, body, headers: request.headers.map(([name]) => name.toLowerCase()) });
      return body.model === 'gpt-test-judge' ? judge(request) : says('Yes.');
    },
    {
      configOf: () => config,
      limits: {
        admit: (call) => {
          limited.push(call);
          if (changes.refuse?.(call) !== true) return { kind: 'admitted' };
          return { kind: 'refused', status: 402, code: 'budget_exceeded', message: 'no' };
        },
      },
    },
  );
  const proxy = createProxy(double.deps);
  const ask = async (content: string, more: Readonly<Record<string, unknown>> = {}) => {
    const response = await proxy.handle(
      proxyRequest(
        '/v1/chat/completions',
        { model: 'auto', messages: [{ role: 'user', content }], ...more },
        {
          headers: [
            ['authorization', 'Bearer sk-client'],
            ['idempotency-key', 'once'],
            ['x-tollgate-feature', 'search'],
          ],
        },
      ),
    );
    await proxy.settled();
    return header(response, 'x-tollgate-route');
  };
  return { ask, double, sent, limited, models: () => sent.map(({ model }) => model) };
}

test('where the rules are in doubt the configured alias is asked, once per prompt, in a call with a row of its own', async () => {
  const { ask, double, sent, models, limited } = open(() => says('Hard\n'));
  const first = await ask(doubtful);
  assert.match(first ?? '', /^classifier;tier=smart;reason=model;level=hard;score=-?\d+;model=asked$/);
  assert.deepEqual(models(), ['gpt-test-judge', 'gpt-dear']);
  assert.equal(sent[0]?.headers.includes('idempotency-key'), false);
  assert.deepEqual(
    double.recorded.map(({ call, attempts }) => [call.route, call.alias, call.feature, call.status, attempts.length]),
    [
      ['tollgate:classifier', 'judge', 'search', 200, 1],
      ['classifier', 'smart', 'search', 200, 1],
    ],
  );
  assert.notEqual(double.recorded[0]?.call.id, double.recorded[1]?.call.id);
  assert.deepEqual(
    limited.map(({ route, callId }) => [route, callId]),
    double.recorded.map(({ call }) => [call.route, call.id]),
  );
  const other = await ask(doubtful, {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: doubtful },
    ],
  });
  assert.match(other ?? '', /reason=model;level=hard;score=-?\d+;model=remembered$/);
  assert.equal(models().filter((model) => model === 'gpt-test-judge').length, 1);
});

test('nobody is asked where the rules are sure, or the turn has its tier', async () => {
  const { ask, models } = open(() => says('hard'));
  assert.match((await ask('Translate to French: good morning.')) ?? '', /reason=rules;level=simple;score=-4$/);
  await ask(doubtful);
  assert.match((await ask(doubtful)) ?? '', /reason=sticky$/);
  assert.deepEqual(models(), ['gpt-test', 'gpt-test-judge', 'gpt-dear', 'gpt-dear']);
});

for (const [what, judge, note, rows] of [
  ['fails', () => jsonReply({ error: { message: 'no' } }, 500), 'noAnswer', 2],
  ['says something else', () => says('It depends.'), 'notUnderstood', 2],
  ['names two levels', () => says('simple or hard'), 'notUnderstood', 2],
] as const)
  test(`the rules decide where the model ${what}, and it is asked again the next time`, async () => {
    const { ask, double, models } = open(judge);
    assert.match((await ask(doubtful)) ?? '', new RegExp(`reason=rules;level=\\w+;score=-?\\d+;model=${note}$`));
    assert.equal(double.recorded.length, rows);
    await ask(doubtful, {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: doubtful },
      ],
    });
    assert.equal(models().filter((model) => model === 'gpt-test-judge').length, 2);
  });

test('a model that does not answer in time is not waited for; its call is written down as timed out', async () => {
  const { ask, double } = open(
    (request) =>
      new Promise((_resolve, reject) => {
        request.signal.addEventListener('abort', () => reject(new UpstreamFailed('aborted', 'aborted')));
      }),
    { timeoutMs: 5 },
  );
  assert.match((await ask(doubtful)) ?? '', /reason=rules;.*model=timeout$/);
  assert.deepEqual(double.recorded.map(({ call }) => [call.route, call.errorClass]).toSorted(), [
    ['classifier', undefined],
    ['tollgate:classifier', 'timeout'],
  ]);
});

test('a limit that refuses the question leaves the decision to the rules, and no row', async () => {
  const { ask, double, models } = open(() => says('hard'), { refuse: ({ route }) => route === 'tollgate:classifier' });
  assert.match((await ask(doubtful)) ?? '', /reason=rules;.*model=limit$/);
  assert.deepEqual(models().length, 1);
  assert.equal(double.recorded.length, 1);
});
