import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageText } from '../../../../src/extension/prices/ageText.ts';
import { untranslated } from '../../../../src/extension/translate.ts';

test('the age of prices in words', () => {
  const say = (now: string, changes?: string[]) => ageText('2026-09-22', Date.parse(now), untranslated, changes);
  assert.deepEqual(say('2026-09-22T08:00:00Z'), { state: 'fresh', text: 'Prices of 22 Sep 2026 (today).' });
  assert.deepEqual(say('2026-09-23'), { state: 'fresh', text: 'Prices of 22 Sep 2026 (1 day old).' });
  assert.deepEqual(say('2026-11-23'), {
    state: 'stale',
    text: 'Prices of 22 Sep 2026 (62 days old). They may have changed: update them.',
  });
  assert.deepEqual(say('2027-01-01', ['2027-01-01']), {
    state: 'veryStale',
    text: 'Prices of 22 Sep 2026 (101 days old). A change was announced for 1 Jan 2027: update them.',
  });
});
