import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { packageVsix } from '../../scripts/steps.ts';

/** As the packager counts and prints them. */
const megabyte = 1024 * 1024;
/** What only the sentence encoder needs. */
const encoderFiles = /\/(?:encoderWorker\.js|ort-wasm-simd-threaded\.wasm\.br)$/;

/** Compressed bytes by name, from the directory at the end of a ZIP file. */
function packedSizes(vsix: string): Map<string, number> {
  const bytes = readFileSync(vsix);
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const sizes = new Map<string, number>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = bytes.readUInt16LE(at + 28);
    sizes.set(bytes.toString('utf8', at + 46, at + 46 + nameLength), bytes.readUInt32LE(at + 20));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return sizes;
}

test('the VSIX is at most 8 MB, and at most 4 MB without the sentence encoder', async () => {
  const vsix = process.env.TOLLGATE_VSIX ?? (await packageVsix());
  const all = statSync(vsix).size;
  const encoder = [...packedSizes(vsix)].filter(([name]) => encoderFiles.test(name));
  assert.deepEqual(encoder.map(([name]) => name.slice(name.lastIndexOf('/') + 1)).sort(), [
    'encoderWorker.js',
    'ort-wasm-simd-threaded.wasm.br',
  ]);
  const without = all - encoder.reduce((sum, [, size]) => sum + size, 0);
  assert.ok(all <= 8 * megabyte, `${all} bytes`);
  assert.ok(without <= 4 * megabyte, `${without} bytes without the encoder`);
});
