import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const goldenRoot = join(import.meta.dirname, '../golden');

/** Compares with `test/golden/<name>`. `UPDATE_GOLDEN=1` writes the file instead: read the difference before you commit it. */
export function assertGolden(name: string, actual: string): void {
  const path = join(goldenRoot, name);
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
    return;
  }
  assert.ok(existsSync(path), `${path} is missing; run the test with UPDATE_GOLDEN=1 and read what it writes`);
  assert.equal(actual, readFileSync(path, 'utf8'));
}
