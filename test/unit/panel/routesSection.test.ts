import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '../../../src/panel/element.ts';
import { panelStrings } from '../../../src/panel/panelStrings.ts';
import { routesSection } from '../../../src/panel/routesSection.ts';
import { createWords } from '../../../src/panel/words.ts';

const words = createWords(panelStrings, 'en', 'UTC');

test('each tier of a route with its counts, its interval and what failed; a moved route is said', () => {
  const tier = {
    rule: 'classify',
    alias: 'cheap',
    calls: 415,
    failed: 3,
    faults: { schemaInvalid: 2, truncated: 1 },
    errorRate: { share: 3 / 415, low: 0.0025, high: 0.0211 },
  };
  const [section] = routesSection(
    { tiers: [tier], guards: [{ rule: 'classify', use: 'cheap', now: 'quality', up: 1 }] },
    words,
  );
  assert.ok(section !== undefined);
  const text = textOf(section);
  assert.match(text, /classify was moved from cheap to quality/);
  assert.match(text, /classify → cheap41530\.7 % \(95 %: 0\.3 to 2\.1 %\)schemaInvalid 2, truncated 1/);
});

test('nothing is shown where nothing was routed', () => {
  assert.deepEqual(routesSection(undefined, words), []);
  assert.deepEqual(routesSection({ tiers: [], guards: [] }, words), []);
});
