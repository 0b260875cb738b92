import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { appliedPricesText } from '../../../src/catalog/appliedPrices.ts';
import { createLog } from '../../../src/service/log.ts';
import { createPriceSource } from '../../../src/service/priceSource.ts';

const table = (asOf: string) => ({
  schema: 1,
  asOf,
  sources: [{ name: 's' }],
  models: { p: [{ id: 'm', usd: { input: 1 } }] },
});

test('prices that a window takes over are in force a second later, and damaged ones never', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-prices-'));
  try {
    const path = join(folder, 'prices.json');
    let nowMs = 0;
    const shipped = table('2026-09-22');
    const log = createLog(
      () => undefined,
      () => 0,
    );
    const source = createPriceSource({ path, shipped, clock: () => nowMs, log });
    assert.equal(source.data(), shipped);
    const before = source.stamp();
    writeFileSync(path, appliedPricesText({ url: '/p', appliedAtMs: 1, data: table('2026-11-01') }));
    assert.equal(source.stamp(), before);
    nowMs = 1_000;
    assert.notEqual(source.stamp(), before);
    assert.deepEqual(source.data(), table('2026-11-01'));
    writeFileSync(path, '{"url":"/p","data":{"schema":1');
    nowMs = 2_000;
    assert.equal(source.data(), shipped);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
