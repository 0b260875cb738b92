import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSpendingLimits } from '../../../src/budget/spendingLimits.ts';
import { machineSpender } from '../../../src/budget/spendingScope.ts';
import type { SpendingLimit } from '../../../src/config/config.ts';
import { createLimitRaises, raiseSchema } from '../../../src/service/limitRaises.ts';
import { createLimitStandings } from '../../../src/service/limitStandings.ts';
import { openStore } from '../../../src/store/openStore.ts';

const hourMs = 3_600_000;
const noon = Date.parse('2026-11-23T12:00:00Z');
const usd = (amount: number): bigint => BigInt(Math.round(amount * 1e6)) * 1_000_000n;
const limit = (more: Partial<SpendingLimit> = {}): SpendingLimit => ({
  scope: 'workspace',
  limitUsd: 1,
  window: 'day',
  warnAt: [],
  onExceed: 'block',
  ...more,
});

function open() {
  const clock = { now: noon };
  const store = openStore({ path: ':memory:', schemas: [raiseSchema], clock: () => clock.now });
  const raises = createLimitRaises(store, () => clock.now);
  const limits = [limit(), limit({ scope: 'feature', window: 'month' })];
  const spending = createSpendingLimits({
    now: () => clock.now,
    history: () => 0n,
    raisedUsd: raises.raisedUsd,
    onEvent: (event) => standings.note(event),
  });
  const standings = createLimitStandings({
    statesOf: (workspaceId) => spending.states({ spender: machineSpender(workspaceId), limits }),
    now: () => clock.now,
  });
  const spend = (amount: number, feature?: string): boolean => {
    const spender = { ...machineSpender('w'), feature };
    const decision = spending.reserve({ spender, limits, worstCasePicoUsd: usd(amount) });
    if (decision.kind === 'reserved') decision.settle(usd(amount));
    return decision.kind === 'reserved';
  };
  const shown = () => standings.of('w').map(({ scope, exceeded }) => [scope, exceeded]);
  return { clock, store, raises, spend, shown, limits };
}

test('a limit is shown as reached once it is spent or has refused a call, until its window ends', () => {
  const { clock, spend, shown } = open();
  assert.deepEqual(shown(), [['workspace', false]]);
  assert.equal(spend(0.9), true);
  assert.deepEqual(shown(), [['workspace', false]]);
  assert.equal(spend(0.5), false);
  assert.deepEqual(shown(), [['workspace', true]]);
  clock.now += 13 * hourMs;
  assert.deepEqual(shown(), [['workspace', false]]);
});

test('a limit of a feature is shown when it is reached, beside those of the workspace', () => {
  const { clock, spend, shown } = open();
  assert.equal(spend(1, 'search'), true);
  assert.deepEqual(shown(), [
    ['workspace', true],
    ['feature:search', true],
  ]);
  clock.now += 13 * hourMs;
  assert.deepEqual(shown(), [
    ['workspace', false],
    ['feature:search', true],
  ]);
});

test('a limit that is raised for today lets calls pass, is no longer shown, and is itself again tomorrow', () => {
  const { clock, store, raises, spend, shown, limits } = open();
  assert.equal(spend(1), true);
  assert.equal(spend(0.5), false);
  const [day] = limits;
  assert.ok(day !== undefined);
  raises.raise('w', day, 3, noon + 12 * hourMs);
  assert.deepEqual(shown(), [['workspace', false]]);
  assert.equal(spend(1.5), true);
  assert.equal(spend(1), false);
  assert.equal(createLimitRaises(store, () => clock.now).raisedUsd('w', day), 3);
  assert.equal(raises.raisedUsd('w2', day), undefined);
  assert.equal(raises.raisedUsd('w', { ...day, limitUsd: 2 }), undefined);
  clock.now += 12 * hourMs;
  assert.equal(raises.raisedUsd('w', day), undefined);
  assert.equal(createLimitRaises(store, () => clock.now).raisedUsd('w', day), undefined);
  assert.equal(spend(1.5), false);
  store.close();
});

test('a limit of the user is raised in all workspaces', () => {
  const { raises } = open();
  const users = limit({ scope: 'user' });
  raises.raise('w', users, 2, noon + hourMs);
  assert.equal(raises.raisedUsd('other', users), 2);
});
