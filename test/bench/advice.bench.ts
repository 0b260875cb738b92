// What advice costs beside the detection that it is given on: the same documents, in one run, processor time of the best of
// several rounds. A ratio of 1 means that all rules together take as long as the detection itself.
//   npm run bench advice
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveAdvice } from '../../src/advice/giveAdvice.ts';
import { defaultLevels } from '../../src/advice/ruleIds.ts';
import type { SourceText } from '../../src/detect/finding.ts';
import { nameModel } from '../../src/scan/nameModel.ts';
import { realDetector, shippedCatalog } from '../support/detector.ts';

const root = join(import.meta.dirname, '../..');
const rounds = 6;
const documents: readonly (readonly [file: string, languageId: string])[] = [
  ['chain.py', 'python'],
  ['parts.ts', 'typescript'],
  ['assistant.go', 'go'],
  ['Assistant.java', 'java'],
];
const catalog = shippedCatalog();
const detector = realDetector();

/** Milliseconds of processor time, the least of all rounds. */
async function best<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  let result = await work();
  let ms = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    result = await work();
    const { user, system } = process.cpuUsage(start);
    ms = Math.min(ms, (user + system) / 1000);
  }
  return { ms, result };
}

async function measure(file: string, languageId: string, copies: number): Promise<Record<string, string | number>> {
  const text = `${readFileSync(join(root, 'test/fixtures/findings', file), 'utf8')}\n`.repeat(copies);
  const source: SourceText = { languageId, path: 'app', text };
  const detected = await best(() => detector.detect(source));
  const called = await best(() => detector.calls(source));
  const document = { source, findings: detected.result, calls: called.result };
  const deps = { catalog, aliases: {}, nameModel: (name: string) => nameModel(name, catalog, {}), today: '2026-10-01' };
  const advised = await best(() => giveAdvice(document, defaultLevels, deps));
  const whole = called.ms + advised.ms;
  return {
    document: `${file} × ${copies}`,
    findings: detected.result.length,
    advice: advised.result.length,
    'detection ms': Number(detected.ms.toFixed(2)),
    'calls ms': Number(called.ms.toFixed(2)),
    'rules ms': Number(advised.ms.toFixed(2)),
    ratio: Number((whole / detected.ms).toFixed(2)),
  };
}

const rows: Record<string, string | number>[] = [];
for (const [file, languageId] of documents)
  for (const copies of [1, 20]) rows.push(await measure(file, languageId, copies));
console.table(rows);
detector.dispose();
