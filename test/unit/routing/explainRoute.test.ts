import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainRoute } from '../../../src/routing/explainRoute.ts';
import type { GuardReport } from '../../../src/routing/tierReport.ts';
import { fallbackOnEverything, testConfig } from '../../support/proxyDeps.ts';

const alias = (model: string) => ({
  targets: [{ provider: 'openai', model }],
  onOverflow: 'error' as const,
  fallback: fallbackOnEverything,
});
const config = testConfig({
  aliases: { fast: alias('gpt-test'), smart: alias('gpt-dear') },
  tiers: ['fast', 'smart'],
  routes: [
    { name: 'labels', match: { task: 'label' }, use: 'fast' },
    { name: 'rag', match: { callSite: 'src/rag/**', tools: false }, use: 'fast' },
  ],
});
const guard: GuardReport = {
  rule: 'rag',
  use: 'fast',
  now: 'smart',
  up: 1,
  sinceMs: 0,
  maxErrorRate: 0.05,
  minCalls: 30,
  windowMs: 1000,
};

function explained(callSite: string, text: string, guards: readonly GuardReport[] = []) {
  return explainRoute({
    config,
    instructions: { opening: text, last: text, count: 1, messages: 1 },
    promptTokens: 10,
    facts: {
      task: undefined,
      feature: undefined,
      callSite,
      tools: false,
      images: false,
      structuredOutput: false,
      inputTokens: 10,
    },
    guards,
  });
}

test('each route with what it wants, the one that is taken, and the models that are asked', () => {
  assert.deepEqual(explained('src/rag/a.ts:1', 'hello'), {
    routes: [
      { name: 'labels', use: 'fast', unmet: 'task' },
      { name: 'rag', use: 'fast', unmet: undefined },
    ],
    decision: 'rag;tier=fast;reason=match',
    alias: 'fast',
    targets: ['openai/gpt-test'],
  });
});

test('what the rules see where no route fits; where a guard has put a route', () => {
  const judged = explained('src/a.ts:1', 'Prove it step by step.');
  assert.deepEqual(judged.level?.because, ['asks for thought', 'short']);
  assert.deepEqual(
    [judged.alias, judged.decision],
    ['smart', 'classifier;tier=smart;reason=rules;level=medium;score=3'],
  );
  assert.equal(explained('src/rag/a.ts:1', 'hello', [guard]).decision, 'rag;tier=smart;reason=guard;from=fast');
});
