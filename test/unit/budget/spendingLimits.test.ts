import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createSpendingLimits, type SpendingEvent } from '../../../src/budget/spendingLimits.ts';
import { machineSpender, type Spender, type SpendingFilter } from '../../../src/budget/spendingScope.ts';
import type { SpendingLimit } from '../../../src/config/config.ts';

const usd = (amount: number): bigint => BigInt(Math.round(amount * 1e6)) * 1_000_000n;
const ann: Spender = {
  workspaceId: 'w1',
  user: 'ann',
  feature: 'search',
  session: 's1',
  route: 'code',
  branch: 'main',
  testRun: 't1',
};
const limit = (more: Partial<SpendingLimit> = {}): SpendingLimit => ({
  scope: 'workspace',
  limitUsd: 1,
  window: 'day',
  warnAt: [],
  onExceed: 'block',
  ...more,
});

function open(history: (filter: SpendingFilter, fromMs: number) => bigint = () => 0n) {
  const events: SpendingEvent[] = [];
  const asked: [SpendingFilter, string][] = [];
  let now = Date.parse('2026-11-23T12:00:00Z');
  const spending = createSpendingLimits({
    now: () => now,
    history: (filter, fromMs) => {
      asked.push([filter, new Date(fromMs).toISOString().slice(0, 10)]);
      return history(filter, fromMs);
    },
    onEvent: (event) => events.push(event),
  });
  const spend = (amount: number, limits: SpendingLimit[], spender = ann, worst = amount): boolean => {
    const decision = spending.reserve({ spender, limits, worstCasePicoUsd: usd(worst) });
    if (decision.kind === 'reserved') decision.settle(usd(amount));
    return decision.kind === 'reserved';
  };
  return { spending, events, asked, spend, pass: (ms: number) => (now += ms) };
}

describe('reserve, settle', () => {
  test('what is under way counts until it is settled, and then what it cost', () => {
    const { spending } = open();
    const limits = [limit()];
    const first = spending.reserve({ spender: ann, limits, worstCasePicoUsd: usd(0.6) });
    const second = spending.reserve({ spender: ann, limits, worstCasePicoUsd: usd(0.6) });
    assert.equal(first.kind, 'reserved');
    assert.equal(second.kind, 'exceeded');
    assert.ok(second.kind === 'exceeded');
    assert.deepEqual(
      [second.state.spentPicoUsd, second.state.reservedPicoUsd, second.state.limitPicoUsd, second.state.resetAtMs],
      [0n, usd(0.6), usd(1), Date.parse('2026-11-24T00:00:00Z')],
    );
    assert.ok(first.kind === 'reserved');
    first.settle(usd(0.1));
    first.settle(usd(0.1));
    assert.deepEqual(spending.left({ spender: ann, limits }).block, [usd(0.9)]);
    assert.equal(spending.reserve({ spender: ann, limits, worstCasePicoUsd: usd(0.9) }).kind, 'reserved');
  });

  test('the limit itself may be spent, not more', () => {
    const { spend } = open();
    assert.equal(spend(1, [limit()]), true);
    assert.equal(spend(0.000001, [limit()]), false);
  });

  test('several limits hold at once; a refused call holds nothing of any', () => {
    const { spending, spend } = open();
    const limits = [limit({ limitUsd: 10, window: 'month' }), limit({ limitUsd: 1 })];
    assert.equal(spend(0.9, limits), true);
    assert.equal(spend(0.2, limits), false);
    assert.deepEqual(
      spending
        .states({ spender: ann, limits })
        .map(({ spentPicoUsd, reservedPicoUsd }) => [spentPicoUsd, reservedPicoUsd]),
      [
        [usd(0.9), 0n],
        [usd(0.9), 0n],
      ],
    );
  });

  test('warn and downgrade never refuse', () => {
    const { spend } = open();
    const limits = [limit({ onExceed: 'warn' }), limit({ onExceed: 'downgrade', limitUsd: 0.5 })];
    assert.equal(spend(5, limits), true);
    assert.equal(spend(5, limits), true);
  });

  test('a new window begins at what the ledger says of it; a call counts where it began', () => {
    const { spending, spend, pass } = open((_, fromMs) => (fromMs === Date.parse('2026-11-24') ? usd(0.3) : usd(0.7)));
    const limits = [limit()];
    const late = spending.reserve({ spender: ann, limits, worstCasePicoUsd: usd(0.2) });
    assert.equal(spend(0.2, limits), false);
    pass(12 * 3_600_000);
    assert.deepEqual(spending.left({ spender: ann, limits }).block, [usd(0.7)]);
    assert.ok(late.kind === 'reserved');
    late.settle(usd(0.2));
    assert.deepEqual(spending.left({ spender: ann, limits }).block, [usd(0.7)]);
  });
});

describe('scopes', () => {
  const bob: Spender = { ...ann, user: 'bob' };

  test('workspace, user, feature, session, route, branch and test run each count their own', () => {
    const { spend } = open();
    for (const [scope, other] of [
      ['workspace', { ...ann, workspaceId: 'w2' }],
      ['user', bob],
      ['feature', { ...ann, feature: 'chat' }],
      ['session', { ...ann, session: 's2' }],
      ['route', { ...ann, route: 'chat' }],
      ['branch', { ...ann, branch: 'fix/7' }],
      ['branch', { ...ann, workspaceId: 'w2' }],
      ['testRun', { ...ann, testRun: 't2' }],
    ] as const) {
      const limits = [limit({ scope })];
      const { spend: spendHere } = open();
      assert.equal(spendHere(1, limits), true, scope);
      assert.equal(spendHere(0.1, limits), false, scope);
      assert.equal(spendHere(1, limits, other), true, scope);
    }
    const others = ['feature:chat', 'route:chat', 'branch:fix/7', 'testRun:t2'].map((scope) => limit({ scope }));
    assert.equal(spend(5, others), true);
    for (const scope of ['feature', 'route', 'branch', 'testRun'])
      assert.equal(spend(5, [limit({ scope })], { ...ann, [scope]: undefined }), true, scope);
  });

  test('a limit by name is for that one only, and counts it under its name', () => {
    const { spend, spending } = open();
    const limits = [limit({ scope: 'route:code' }), limit({ scope: 'branch:main', limitUsd: 2 })];
    assert.equal(spend(1, limits), true);
    assert.equal(spend(0.1, limits), false);
    assert.equal(spend(1, limits, { ...ann, route: 'chat' }), true);
    assert.equal(spend(0.1, limits, { ...ann, route: undefined }), false);
    assert.equal(spend(0.1, limits, { ...ann, route: undefined, branch: undefined }), true);
    assert.deepEqual(
      spending.states({ spender: ann, limits }).map(({ scope, spentPicoUsd }) => [scope, spentPicoUsd]),
      [
        ['route:code', usd(1)],
        ['branch:main', usd(2)],
      ],
    );
  });

  test('a name may have colons of its own', () => {
    for (const kind of ['feature', 'route'] as const) {
      const { spend } = open();
      const limits = [limit({ scope: `${kind}:billing:refunds` })];
      assert.equal(spend(2, limits, { ...ann, [kind]: 'billing:refunds' }), false, kind);
      assert.equal(spend(2, limits, { ...ann, [kind]: 'billing' }), true, kind);
    }
  });

  test('a user is counted over all workspaces, also where only one has the limit', () => {
    const { spend } = open();
    const limits = [limit({ scope: 'user' })];
    assert.equal(spend(0, limits), true);
    assert.equal(spend(0.8, [limit({ limitUsd: 100 })], { ...ann, workspaceId: 'w2' }), true);
    assert.equal(spend(0.3, limits), false);
  });

  test('the ledger is asked once per window and scope, with what narrows it', () => {
    const { spend, asked } = open();
    const none = machineSpender('w1');
    const limits = [
      limit({ scope: 'user', window: 'month' }),
      limit({ scope: 'session', window: 'session' }),
      limit({ scope: 'route:code' }),
      limit({ scope: 'branch', window: 'month' }),
    ];
    for (let call = 0; call < 3; call++) for (const spender of [ann, none]) spend(0.01, limits, spender);
    assert.deepEqual(asked, [
      [{ user: 'ann' }, '2026-11-01'],
      [{ workspaceId: 'w1', session: 's1' }, '1970-01-01'],
      [{ workspaceId: 'w1', route: 'code' }, '2026-11-23'],
      [{ workspaceId: 'w1', branch: 'main' }, '2026-11-01'],
      [{ user: null }, '2026-11-01'],
      [{ workspaceId: 'w1', session: null }, '2026-11-23'],
    ]);
  });

  test('a cost that was not reserved is booked where it counts', () => {
    const { spending, spend } = open();
    const limits = [limit(), limit({ scope: 'feature:chat' })];
    spend(0, limits);
    spending.book(ann, usd(0.75));
    assert.deepEqual(spending.left({ spender: ann, limits }).block, [usd(0.25)]);
  });
});

describe('events', () => {
  test('each threshold is told once per window, and never for what was passed before', () => {
    const { spend, events, pass } = open((_, fromMs) => (fromMs === Date.parse('2026-11-23') ? usd(0.55) : 0n));
    const limits = [limit({ warnAt: [0.5, 0.8], onExceed: 'warn' })];
    const told = () => events.map((event) => (event.kind === 'threshold' ? event.share : event.kind));
    spend(0.1, limits);
    assert.deepEqual(told(), []);
    spend(0.2, limits);
    spend(0.05, limits);
    assert.deepEqual(told(), [0.8]);
    spend(0.5, limits);
    spend(0.5, limits);
    assert.deepEqual(told(), [0.8, 'exceeded']);
    pass(86_400_000);
    spend(0.9, limits);
    assert.deepEqual(told(), [0.8, 'exceeded', 0.5, 0.8]);
  });

  test('the first refusal of a window is told', () => {
    const { spend, events } = open();
    spend(0.9, [limit()]);
    spend(0.2, [limit()]);
    spend(0.2, [limit()]);
    assert.deepEqual(
      events.map(({ kind, state }) => [kind, state.scope]),
      [['blocked', 'workspace']],
    );
  });
});

test('calls at the same time never settle above the limit, whatever the order they end in', () => {
  const call = fc.record({
    worst: fc.integer({ min: 1, max: 300 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    endsAfter: fc.nat(20),
  });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 200 }), fc.integer({ min: 1, max: 2000 }), (calls, cents) => {
      const { spending } = open();
      const limits = [
        limit({ limitUsd: cents / 100 }),
        limit({ scope: 'user', limitUsd: cents / 50, window: 'month' }),
      ];
      const under: { readonly until: number; readonly end: () => void }[] = [];
      let settled = 0n;
      for (const [step, { worst, share, endsAfter }] of calls.entries()) {
        for (const one of under.splice(0)) one.until <= step ? one.end() : under.push(one);
        const decision = spending.reserve({ spender: ann, limits, worstCasePicoUsd: usd(worst / 100) });
        if (decision.kind === 'exceeded') continue;
        const actual = usd(Math.floor(worst * share) / 100);
        under.push({
          until: step + endsAfter,
          end: () => {
            decision.settle(actual);
            settled += actual;
          },
        });
      }
      for (const one of under) one.end();
      assert.ok(settled <= usd(cents / 100));
      assert.deepEqual(
        spending
          .states({ spender: ann, limits })
          .map(({ spentPicoUsd, reservedPicoUsd }) => [spentPicoUsd, reservedPicoUsd]),
        [
          [settled, 0n],
          [settled, 0n],
        ],
      );
    }),
  );
});
