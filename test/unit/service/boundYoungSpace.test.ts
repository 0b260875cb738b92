import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundYoungSpace } from '../../../src/service/boundYoungSpace.ts';

test('the space for new objects grows until it is large enough, and is then not looked at any more', ({ mock }) => {
  mock.timers.enable({ apis: ['setInterval'] });
  let megabytes = 1;
  const seen: string[] = [];
  boundYoungSpace({
    bytes: () => {
      seen.push(`${megabytes}`);
      return megabytes * 1024 * 1024;
    },
    stopGrowing: () => seen.push('stopped'),
  });
  for (megabytes of [4, 11, 12, 32]) mock.timers.tick(250);
  assert.deepEqual(seen, ['4', '11', '12', 'stopped']);
});
