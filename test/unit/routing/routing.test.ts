import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AliasConfig, Config, RouteConfig, Target } from '../../../src/config/config.ts';
import { createAttemptBudget, singleAttempt } from '../../../src/routing/attemptBudget.ts';
import { chooseRoute, type RouteFacts } from '../../../src/routing/chooseRoute.ts';
import { failureClassOf } from '../../../src/routing/failureClass.ts';
import { resolveModel } from '../../../src/routing/resolveModel.ts';
import type { RouteDecision } from '../../../src/routing/routeDecision.ts';
import { testConfig } from '../../support/proxyDeps.ts';

const fallback = { on: ['overload', 'server'], maxAttempts: 2, deadlineMs: 1000 } as const;

function alias(...targets: string[]): AliasConfig {
  return {
    targets: targets.map((target) => ({ provider: target.split('/')[0] ?? '', model: target.split('/')[1] ?? '' })),
    onOverflow: 'error',
    fallback,
  };
}

const route = (name: string, match: RouteConfig['match'], use: string): RouteConfig => ({ name, match, use });

const nothing: RouteFacts = {
  task: undefined,
  feature: undefined,
  callSite: undefined,
  tools: false,
  images: false,
  structuredOutput: false,
  inputTokens: undefined,
};

const config: Config = testConfig({
  aliases: {
    cheap: alias('openai/gpt-test', 'anthropic/claude-test', 'groq/llama-test'),
    claude: alias('anthropic/claude-test'),
  },
  routes: [
    route('classify', { task: ['classify', 'label'] }, 'cheap'),
    route('big', { minInputTokens: 1000, tools: true }, 'cheap'),
    route('nowhere', { feature: 'gone' }, 'missing'),
    route('unknownCondition', { phaseOfMoon: 'full' }, 'cheap'),
  ],
});

const speaksOpenai = ({ provider }: Target): boolean => config.providers[provider]?.dialect === 'openai';

const decided =
  (facts: Partial<RouteFacts>, by: Config = config): (() => RouteDecision | undefined) =>
  () => {
    const found = chooseRoute(by.routes, { ...nothing, ...facts });
    return found && { rule: found.name, route: found, alias: found.use, reason: 'match', isProbe: false, notes: [] };
  };

const resolve = (model: string, facts: Partial<RouteFacts> = {}) =>
  resolveModel(config, model, speaksOpenai, decided(facts));

test('an alias is its targets that can serve the client, in order', () => {
  const resolved = resolve('cheap');
  assert.deepEqual(resolved.kind === 'alias' && resolved.targets, [
    { provider: 'openai', model: 'gpt-test' },
    { provider: 'groq', model: 'llama-test' },
  ]);
});

test('a model that is no alias goes on as it is, whatever it is called', () => {
  for (const model of ['gpt-4o', 'openai/gpt-test', 'constructor', '__proto__', ''])
    assert.deepEqual(resolve(model), { kind: 'model' });
});

test('an alias without a target that can serve the client says so', () => {
  assert.equal(resolve('claude').kind, 'otherDialect');
});

test('auto takes the first route all of whose conditions hold', () => {
  const routeOf = (facts: Partial<RouteFacts>): string | undefined => {
    const resolved = resolve('auto', facts);
    return resolved.kind === 'alias' ? resolved.decision?.rule : resolved.kind;
  };
  assert.equal(routeOf({ task: 'label' }), 'classify');
  assert.equal(routeOf({ inputTokens: 1000, tools: true }), 'big');
  assert.equal(routeOf({ inputTokens: 999, tools: true }), 'noRoute');
  assert.equal(routeOf({ inputTokens: 5000 }), 'noRoute');
  assert.equal(routeOf({ feature: 'gone' }), 'unknownAlias');
});

test('auto is an ordinary model where there are neither routes nor tiers', () => {
  assert.deepEqual(resolveModel(testConfig(), 'auto', speaksOpenai, decided({})), { kind: 'model' });
});

test('an alias that selects the router is routed, and answers by itself what no route fits', () => {
  const own = testConfig({
    ...config,
    aliases: { ...config.aliases, assistant: alias('groq/llama-test') },
    router: { ...config.router, models: ['assistant'] },
  });
  const named = (facts: Partial<RouteFacts>): string => {
    const resolved = resolveModel(own, 'assistant', speaksOpenai, decided(facts, own));
    return resolved.kind === 'alias' ? resolved.alias.name : resolved.kind;
  };
  assert.equal(named({ task: 'classify' }), 'cheap');
  assert.equal(named({}), 'assistant');
  assert.deepEqual(resolveModel(own, 'auto', speaksOpenai, decided({})), { kind: 'model' });
});

test('a call site is matched by globs of its path, without line and function', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['src/summaries/**', 'src/summaries/daily.py:12:run', true],
    ['src/summaries/**', 'src/summaries.py:12:run', false],
    ['src/*.ts', 'src/rag.ts:88', true],
    ['src/*.ts', 'src/rag/query.ts:88', false],
    ['src/**/query.ts', 'src/query.ts', true],
    ['src/**/query.ts', 'src/a/b/query.ts:1:f', true],
    ['*.{py,ipynb}', 'deep/down/a.ipynb:3', true],
    ['rag.t?', './rag.ts:1', true],
    ['src/a+b(c).ts', 'src/a+b(c).ts:1', true],
    ['src\\rag.ts', 'src/rag.ts:1', false],
    ['src/rag.ts', 'src\\rag.ts:1:f', true],
  ];
  for (const [glob, callSite, expected] of cases)
    assert.equal(
      chooseRoute([route('r', { callSite: glob }, 'cheap')], { ...nothing, callSite }) !== undefined,
      expected,
      glob,
    );
  assert.equal(chooseRoute([route('r', { callSite: ['**'] }, 'cheap')], nothing), undefined);
});

test('failures are told apart by code before status', () => {
  const error = (fields: object): { error: object } => ({ error: fields });
  const cases: readonly (readonly [string, number, object | undefined])[] = [
    ['overload', 429, undefined],
    ['quota', 429, error({ code: 'insufficient_quota', type: 'insufficient_quota' })],
    ['quota', 429, error({ type: 'rate_limit_error', details: { error_code: 'enforced_spend_limit_reached' } })],
    ['quota', 402, undefined],
    ['overload', 503, undefined],
    ['overload', 529, error({ type: 'overloaded_error' })],
    ['server', 500, error({ type: 'api_error' })],
    ['server', 502, undefined],
    ['server', 408, undefined],
    ['context', 400, error({ code: 'context_length_exceeded' })],
    [
      'context',
      400,
      error({ type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' }),
    ],
    ['policy', 400, error({ code: 'content_filter' })],
    ['auth', 401, undefined],
    ['auth', 403, undefined],
    ['client', 400, error({ type: 'invalid_request_error', message: 'bad temperature' })],
    ['client', 404, error({ code: 'model_not_found' })],
    ['client', 422, undefined],
    ['client', 302, undefined],
    ['overload', 200, { type: 'overloaded_error' }],
    ['server', 200, undefined],
  ];
  for (const [expected, status, body] of cases)
    assert.equal(failureClassOf(status, body as never), expected, `${status} ${JSON.stringify(body)}`);
});

test('one budget of attempts and one deadline, and only the classes that were chosen', () => {
  const budget = createAttemptBudget(fallback, 10_000);
  assert.equal(budget.mayContinue('server', 1, 1, 10_500), true);
  assert.equal(budget.mayContinue('auth', 1, 1, 10_500), false);
  assert.equal(budget.mayContinue('client', 1, 1, 10_500), false);
  assert.equal(budget.mayContinue('server', 2, 1, 10_500), false);
  assert.equal(budget.mayContinue('server', 1, 0, 10_500), false);
  assert.equal(budget.mayContinue('server', 1, 1, 11_000), false);
});

test('an attempt may take what is left of the deadline, or half of it where others follow', () => {
  const budget = createAttemptBudget(fallback, 10_000);
  assert.equal(budget.firstByteMs(60_000, true, 10_200), 800);
  assert.equal(budget.firstByteMs(60_000, false, 10_200), 400);
  assert.equal(budget.firstByteMs(300, false, 10_200), 300);
  assert.equal(budget.firstByteMs(60_000, true, 99_999), 1);
  assert.equal(createAttemptBudget(singleAttempt, 10_000).firstByteMs(60_000, true, 10_000), 60_000);
});
