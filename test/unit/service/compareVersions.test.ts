import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions } from '../../../src/service/compareVersions.ts';

test('versions are in the order of semantic versioning', () => {
  const ascending = ['', '0.9.9', '0.10.0-rc.2', '0.10.0-rc.10', '0.10.0', '0.10.1', '1.0.0', '1.2.0', '10.0.0'];
  const shuffled = ascending.toReversed();
  assert.deepEqual(shuffled.sort(compareVersions), ascending);
  assert.equal(compareVersions('1.2.3+build', '1.2.3'), 0);
});
