import assert from 'node:assert/strict';
import { test } from 'node:test';
import { positionReader } from '../../../src/extension/config/positionReader.ts';

test('offsets become lines and columns, whatever ends the lines', () => {
  const read = positionReader('ab\ncd\r\n\re');
  assert.deepEqual(
    [0, 2, 3, 5, 7, 8, 9].map((offset) => Object.values(read(offset)).join(':')),
    ['0:0', '0:2', '1:0', '1:2', '2:0', '3:0', '3:1'],
  );
});
