import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouteConfig } from '../../../src/config/config.ts';
import type { TierFault } from '../../../src/routing/answerFault.ts';
import { createRouteQuality, type QualityRecord } from '../../../src/routing/createRouteQuality.ts';
import type { GuardEvent } from '../../../src/routing/tierReport.ts';
import { wilson, z95 } from '../../../src/routing/wilson.ts';
import { simulateDay } from '../../support/simulateDay.ts';

const hour = 3_600_000;
const guard = { maxErrorRate: 0.05, minCalls: 30, windowMs: hour };
const route: RouteConfig = { name: 'r', match: {}, use: 'fast', guard };
const config = { routes: [route], tiers: ['fast', 'smart'] };

function open(kept: readonly QualityRecord[] = []) {
  const saved = new Map<string, QualityRecord>();
  const moves: GuardEvent[] = [];
  let now = 1_800_000_000_000;
  let serial = 0;
  const quality = createRouteQuality({
    now: () => now,
    memory: {
      load: () => kept,
      save: (record) =>
        saved.set(`${record.kind} ${record.rule} ${record.kind === 'tier' ? record.alias : ''}`, record),
    },
    onMove: (event) => moves.push(event),
    onChange: () => undefined,
  });
  const answer = (faults: readonly TierFault[], alias = 'fast', isProbe = false, request = `q${++serial}`): void =>
    quality.record({ workspaceId: 'w', config, rule: 'r', alias, isProbe, faults, request });
  return {
    quality,
    answer,
    moves,
    saved,
    pass: (ms: number) => (now += ms),
    report: () => quality.report('w', config),
  };
}

const times = (count: number, work: () => void): void => {
  for (let n = 0; n < count; n++) work();
};

test('Wilson: the published interval of 1 in 10, and bounds that hold without failures', () => {
  const { low, high } = wilson(1, 10, z95);
  assert.ok(Math.abs(low - 0.0179) < 1e-4 && Math.abs(high - 0.4042) < 1e-4);
  assert.equal(wilson(0, 10, z95).low, 0);
  assert.ok(Math.abs(wilson(0, 10, z95).high - 0.2775) < 1e-4);
  assert.deepEqual(wilson(0, 0, z95), { low: 0, high: 1 });
});

test('counts by fault and tier, one failure a call, within the window', () => {
  const { answer, report, pass } = open();
  answer([]);
  answer(['schemaInvalid', 'escalated']);
  answer([], 'smart');
  assert.deepEqual(
    report().tiers.map(({ alias, calls, failed, faults }) => [alias, calls, failed, faults]),
    [
      ['fast', 2, 1, { schemaInvalid: 1, escalated: 1 }],
      ['smart', 1, 0, {}],
    ],
  );
  pass(hour + 1);
  answer([]);
  assert.deepEqual(
    report().tiers.map(({ alias, calls }) => [alias, calls]),
    [['fast', 1]],
  );
});

test('the same request again soon is a retry: the answer before it was not good; many repeats are sampling', () => {
  const { quality, answer, report, pass } = open();
  const again = (): void => quality.asked('w', config, 'same');
  answer([], 'fast', false, 'same');
  times(5, () => {
    again();
    answer([], 'fast', false, 'same');
  });
  const [tier] = report().tiers;
  assert.deepEqual([tier?.calls, tier?.failed, tier?.faults.retried], [6, 2, 2]);
  pass(60_001);
  again();
  assert.equal(report().tiers[0]?.faults.retried, 2);
});

test('a guard waits for enough calls and for more than chance, moves up once, and says so once', () => {
  const { answer, moves, quality } = open();
  times(29, () => answer(['schemaInvalid']));
  assert.equal(quality.shiftOf('w', 'r', config).up, 0);
  answer(['schemaInvalid']);
  assert.deepEqual(
    moves.map(({ direction, from, to, calls, failed }) => [direction, from, to, calls, failed]),
    [['up', 'fast', 'smart', 30, 30]],
  );
  times(50, () => answer(['schemaInvalid']));
  times(50, () => answer(['schemaInvalid'], 'smart'));
  assert.equal(moves.length, 1);
  const lucky = open();
  times(28, () => lucky.answer([]));
  times(3, () => lucky.answer(['truncated']));
  assert.equal(lucky.moves.length, 0);
});

test('after a while one call in ten probes the tier below; a clean sample brings the route back, a bad one waits longer', () => {
  const { answer, moves, quality, pass, report } = open();
  const shifts = (count: number) => Array.from({ length: count }, () => quality.shiftOf('w', 'r', config).isProbe);
  times(30, () => answer(['empty']));
  assert.ok(shifts(50).every((isProbe) => !isProbe));
  pass(hour / 8);
  assert.equal(shifts(50).filter(Boolean).length, 5);
  times(3, () => answer(['empty'], 'fast', true));
  assert.ok(shifts(50).every((isProbe) => !isProbe));
  pass(hour / 4);
  assert.equal(shifts(50).filter(Boolean).length, 5);
  times(86, () => answer([], 'fast', true));
  assert.deepEqual(report().guards[0]?.probe, {
    calls: 86,
    failed: 0,
    of: 87,
    fromMs: 1_800_000_000_000 + hour / 8 + hour / 4,
  });
  answer([], 'fast', true);
  assert.deepEqual(
    moves.map(({ direction, to }) => [direction, to]),
    [
      ['up', 'smart'],
      ['down', 'fast'],
    ],
  );
  assert.deepEqual(quality.shiftOf('w', 'r', config), { up: 0, isProbe: false });
});

test('a failure in a probe is outweighed by more good calls, and says nothing against a tier that fails as often as is allowed half', () => {
  const { answer, moves, pass, quality } = open();
  times(30, () => answer(['empty']));
  pass(hour / 8);
  quality.shiftOf('w', 'r', config);
  answer(['empty'], 'fast', true);
  times(103, () => answer([], 'fast', true));
  assert.equal(moves.length, 1);
  answer([], 'fast', true);
  assert.deepEqual(moves.at(-1)?.direction, 'down');
  assert.deepEqual([moves.at(-1)?.calls, moves.at(-1)?.failed], [105, 1]);
});

test('a day on which the tier fails twice as often as is allowed for six hours: a lucky probe does not let it down', () => {
  const day = simulateDay({
    calls: 50_000,
    guard: { maxErrorRate: 0.05, minCalls: 30, windowMs: hour },
    seed: 3,
    planted: 0.1,
  });
  assert.deepEqual(
    day.moves.map(({ direction }) => direction),
    ['up', 'down'],
  );
});

test('a restart forgets nothing', () => {
  const before = open();
  times(30, () => before.answer(['refused']));
  const records: QualityRecord[] = JSON.parse(JSON.stringify([...before.saved.values()]));
  const after = open(records);
  assert.deepEqual(after.report(), before.report());
  assert.equal(after.quality.shiftOf('w', 'r', config).up, 1);
});

test('a day: a rise of the error rate is seen within the window, its end too, and nothing flaps', () => {
  const day = simulateDay({ calls: 5000, guard: { ...guard, windowMs: 2 * hour }, seed: 7 });
  assert.deepEqual(
    day.moves.map(({ direction }) => direction),
    ['up', 'down'],
  );
  assert.ok(day.detectedAfterMs !== undefined && day.detectedAfterMs < 2 * hour);
});
