import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AliasConfig, RouteConfig, RouterConfig } from '../../../src/config/config.ts';
import { classifyPrompt, tierOfLevel } from '../../../src/routing/classifyPrompt.ts';
import { createRouter, type RoutingQuestion, type TierShift, unshifted } from '../../../src/routing/createRouter.ts';
import { decisionText } from '../../../src/routing/routeDecision.ts';
import { instructionsOf } from '../../../src/wire/instructions.ts';
import type { JsonObject } from '../../../src/wire/json.ts';

const alias: AliasConfig = {
  targets: [{ provider: 'openai', model: 'gpt-test' }],
  onOverflow: 'error',
  fallback: { on: [], maxAttempts: 1, deadlineMs: 1000 },
};
const tiers = ['fast', 'middle', 'smart'];
const router: RouterConfig = {
  models: ['auto'],
  sticky: 'turn',
  stickyMs: 1000,
  classifier: { mode: 'rules', timeoutMs: 2000 },
};
const routes: readonly RouteConfig[] = [{ name: 'classify', match: { task: 'classify' }, use: 'fast' }];

interface Asked {
  readonly says?: readonly string[];
  readonly task?: string;
  readonly turn?: string;
  readonly minTier?: string;
  readonly tokens?: number;
  readonly tools?: boolean;
  readonly router?: Partial<RouterConfig>;
}

function question({ says = ['hello'], task, turn, minTier, tokens = 100, tools = false, router: changed }: Asked) {
  const body: JsonObject = {
    messages: [
      { role: 'system', content: 'You help.' },
      ...says.flatMap((content) => [
        { role: 'user', content },
        { role: 'assistant', content: 'Yes.' },
      ]),
    ].slice(0, -1),
  };
  const asked: RoutingQuestion = {
    workspaceId: 'w',
    config: { tiers, routes, router: { ...router, ...changed }, aliases: { fast: alias, middle: alias, smart: alias } },
    facts: {
      task,
      feature: undefined,
      callSite: undefined,
      tools,
      images: false,
      structuredOutput: false,
      inputTokens: undefined,
    },
    instructions: instructionsOf({ body }),
    promptTokens: tokens,
    session: 's',
    turn,
    minTier,
  };
  return asked;
}

function open(shift: () => TierShift = () => unshifted) {
  let now = 0;
  const made = createRouter({ now: () => now, shiftOf: shift });
  const decide = (asked: Asked): string => {
    const decision = made.decide(question(asked));
    return decision === undefined ? 'none' : decisionText(decision, asked.task);
  };
  return { decide, pass: (ms: number) => (now += ms), made };
}

const hard = 'Design a migration plan and prove step by step that no deadlock is possible. '.repeat(4);
const easy = 'Translate to French: good morning.';

test('a route wins over the classifier, and each says why', () => {
  const { decide } = open();
  assert.equal(decide({ task: 'classify', says: [hard] }), 'classify;task=classify;tier=fast;reason=match');
  assert.equal(decide({ says: [hard] }), 'classifier;tier=smart;reason=rules;level=hard;score=8');
  assert.equal(decide({ says: [easy] }), 'classifier;tier=fast;reason=rules;level=simple;score=-4');
  assert.equal(decide({ says: ['x'], router: { classifier: { mode: 'off', timeoutMs: 2000 } } }), 'none');
});

test('a turn keeps its alias; a later turn may go up, and down only while nothing is cached', () => {
  const { decide } = open();
  assert.match(decide({ says: ['hi there', easy], tokens: 5000 }), /tier=fast;reason=rules/);
  assert.equal(decide({ says: ['hi there', easy], tokens: 5000 }), 'classifier;tier=fast;reason=sticky');
  assert.match(decide({ says: ['hi there', easy, hard], tokens: 5000 }), /tier=smart;reason=rules/);
  assert.equal(
    decide({ says: ['hi there', easy, hard, easy], tokens: 5000 }),
    'classifier;tier=smart;reason=cacheWarm',
  );
  assert.match(decide({ says: ['hi there', easy, hard, easy, 'and now'], tokens: 500 }), /tier=fast;reason=rules/);
});

test('what is declared, or brought, is a decision of its own; so is another conversation', () => {
  const { decide } = open();
  assert.match(decide({ says: [hard] }), /tier=smart;reason=rules/);
  assert.match(decide({ says: [hard], task: 'classify' }), /tier=fast;reason=match/);
  assert.match(decide({ says: [hard], tools: true }), /tier=smart;reason=rules/);
  assert.match(decide({ says: [`${hard}!`] }), /reason=rules/);
});

test('sticky for the conversation, for the turn that the client names, or not at all; forgotten when it is cold', () => {
  const session = { router: { sticky: 'session' } as const };
  const first = open();
  first.decide({ says: [easy], ...session });
  assert.equal(first.decide({ says: [easy, hard], ...session }), 'classifier;tier=fast;reason=sticky');
  first.pass(1001);
  assert.match(first.decide({ says: [easy, hard], ...session }), /tier=smart;reason=rules/);
  const second = open();
  second.decide({ says: [easy], turn: 't1' });
  assert.equal(second.decide({ says: [hard], turn: 't1' }), 'classifier;tier=fast;reason=sticky');
  assert.match(second.decide({ says: [hard], turn: 't2' }), /tier=smart;reason=rules/);
  const off = { router: { sticky: 'off' } as const };
  second.decide({ says: [easy], ...off });
  assert.match(second.decide({ says: [easy], ...off }), /reason=rules/);
});

test('a client may ask for a better tier, by name or by number, never for a lesser one', () => {
  const { decide } = open();
  assert.equal(
    decide({ task: 'classify', minTier: 'middle' }),
    'classify;task=classify;tier=middle;reason=minTier;from=fast',
  );
  assert.match(decide({ task: 'classify', minTier: '3', says: ['b'] }), /tier=smart;reason=minTier/);
  assert.match(decide({ task: 'classify', minTier: '9', says: ['c'] }), /tier=smart;reason=minTier/);
  assert.match(decide({ says: [hard], minTier: 'fast' }), /tier=smart;reason=rules/);
  assert.match(decide({ task: 'classify', minTier: 'none', says: ['d'] }), /tier=fast;reason=match/);
});

test('a guard moves a route up, a probe goes one tier down again, and both stop at the last tier', () => {
  let shift: TierShift = { up: 1, isProbe: false };
  const { decide, made } = open(() => shift);
  assert.match(decide({ task: 'classify', says: ['a'] }), /tier=middle;reason=guard;from=fast/);
  shift = { up: 1, isProbe: true };
  assert.match(decide({ task: 'classify', says: ['b'] }), /tier=fast;reason=probe/);
  assert.equal(made.decide(question({ task: 'classify', says: ['b'] }))?.isProbe, true);
  shift = { up: 9, isProbe: false };
  assert.match(decide({ task: 'classify', says: ['c'] }), /tier=smart;reason=guard/);
});

test('after an escalation its turn stays where the better answer came from', () => {
  const { decide, made } = open();
  const asked = question({ task: 'classify' });
  const decision = made.decide(asked);
  assert.ok(decision !== undefined);
  made.escalated(asked, { ...decision, alias: 'smart', reason: 'escalated' });
  assert.match(decide({ task: 'classify' }), /tier=smart;reason=sticky/);
});

test('the middle of an even number of tiers is the upper one', () => {
  assert.deepEqual(
    (['simple', 'medium', 'hard'] as const).map((level) => tierOfLevel(level, ['a', 'b'])),
    ['a', 'b', 'b'],
  );
  assert.equal(tierOfLevel('hard', []), undefined);
});

test('the rules are fast on hostile text and read only its beginning', () => {
  const prompt = { promptTokens: 1, tools: false, structuredOutput: false };
  assert.equal(classifyPrompt({ ...prompt, instruction: '- '.repeat(500_000) }).level, 'medium');
  assert.equal(classifyPrompt({ ...prompt, instruction: `${' '.repeat(200_000)}prove` }).score, 2);
});
