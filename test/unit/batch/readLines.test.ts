import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineTooLong, readLines } from '../../../src/batch/readLines.ts';

async function* pieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const cut of [...cuts].map((at) => at % (bytes.length + 1)).sort((a, b) => a - b)) {
    yield bytes.subarray(from, cut);
    from = cut;
  }
  yield bytes.subarray(from);
}

async function read(text: string, cuts: readonly number[] = []): Promise<{ line: string; number: number }[]> {
  const lines = [];
  for await (const line of readLines(pieces(Buffer.from(text), cuts))) lines.push(line);
  return lines;
}

test('lines come whole however the bytes are cut', async () => {
  const text = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'é', '😀', ' ', '\n', '\r\n')), {
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(500), { maxLength: 12 }), async (parts, cuts) => {
      const whole = parts.join('').replace(/^\uFEFF/, '');
      const expected = Buffer.from(whole)
        .toString('utf8')
        .split('\n')
        .map((line, index) => ({ line: line.endsWith('\r') ? line.slice(0, -1) : line, number: index + 1 }))
        .filter(({ line }) => line.trim() !== '');
      assert.deepEqual(await read(whole, cuts), expected);
    }),
  );
});

test('a byte order mark is no part of the first line', async () => {
  assert.deepEqual(await read('\uFEFF{}\r\n\r\n{"a":1}'), [
    { line: '{}', number: 1 },
    { line: '{"a":1}', number: 3 },
  ]);
});

test('bytes that are no UTF-8 are an error where that is asked for', async () => {
  const bytes = async function* () {
    yield Uint8Array.of(0x61, 0xff, 0x0a);
  };
  await assert.rejects(
    async () => {
      for await (const _ of readLines(bytes(), { fatal: true }));
    },
    { code: 'ERR_ENCODING_INVALID_ENCODED_DATA' },
  );
});

test('a line that does not end is not gathered for ever', async () => {
  const endless = async function* () {
    for (;;) yield Buffer.alloc(1000, 'x');
  };
  await assert.rejects(async () => {
    for await (const _ of readLines(endless(), { maxBytes: 10_000 }));
  }, LineTooLong);
});
