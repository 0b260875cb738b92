// Token counting beside js-tiktoken, the oracle of the tests, in the same run; and the longest wait that any 200 KB can cause.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Tiktoken } from 'js-tiktoken/lite';
import o200kRanks from 'js-tiktoken/ranks/o200k_base';
import { countText } from '../../src/tokens/countText.ts';
import { createTokenCounter } from '../../src/tokens/createTokenCounter.ts';
import { loadEncoding } from '../../src/tokens/encodings.ts';
import { spawnTokenWorker } from '../../src/tokens/spawnTokenWorker.ts';

const root = resolve(import.meta.dirname, '../..');
const rounds = 5;

function milliseconds(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

function code(): string {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return files
    .map((name) => readFileSync(join(root, 'src', name), 'utf8'))
    .join('\n')
    .slice(0, 200_000);
}

const sentence =
  'You are a careful assistant for the billing team. Read the customer letter below and answer in three short sentences. ';
const texts: Readonly<Record<string, string>> = {
  English: sentence.repeat(1700),
  code: code(),
  JSON: readFileSync(join(root, 'media/prices.json'), 'utf8'),
  Japanese: '要約してください。入力は顧客からの問い合わせで、出力は三つの要点です。'.repeat(600),
};

/** Runs that quadratic merging chokes on. */
const pathological: Readonly<Record<string, string>> = {
  letters: 'a'.repeat(200_000),
  dashes: '-'.repeat(200_000),
  spaces: ' '.repeat(200_000),
  'line ends': '\n'.repeat(200_000),
  'no punctuation': '漢字'.repeat(100_000),
  emoji: '🦊'.repeat(100_000),
  'just below the cut': `${'a'.repeat(256)} `.repeat(780),
  base64: Buffer.from(Uint8Array.from({ length: 150_000 }, (_, n) => (n * 2_654_435_761) >>> 24)).toString('base64'),
};

const oracle = new Tiktoken(o200kRanks);
const countPiece = await loadEncoding('o200k');

console.log('text         ours MB/s   js-tiktoken MB/s   ratio   tokens equal');
for (const [name, text] of Object.entries(texts)) {
  const bytes = Buffer.byteLength(text) / 1e6;
  const ours: number[] = [];
  const theirs: number[] = [];
  const counts: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(milliseconds(() => counts.push(countText(text, countPiece))));
    theirs.push(milliseconds(() => counts.push(oracle.encode(text, [], []).length)));
  }
  const [a, b] = [median(ours), median(theirs)];
  const columns = [(bytes / a) * 1e3, (bytes / b) * 1e3, b / a].map((value) => value.toFixed(1).padStart(10));
  console.log(`${name.padEnd(10)} ${columns.join('   ')}   ${new Set(counts).size === 1}`);
}

console.log('\n200 KB of one kind, in the worker: milliseconds');
const counter = createTokenCounter({ spawnWorker: () => spawnTokenWorker(join(root, 'dist/tokenWorker.js')) });
await counter.count(['warm'], 'o200k');
for (const [name, text] of Object.entries(pathological)) {
  const start = performance.now();
  await counter.count([text], 'o200k');
  console.log(`${name.padEnd(20)} ${(performance.now() - start).toFixed(0).padStart(6)}`);
}

const prompts = Array.from({ length: 250 }, (_, n) => `${sentence}Case ${n}. ${sentence.slice(n % 40)}`);
const cold = performance.now();
await counter.count(prompts, 'o200k');
const warm = performance.now();
await counter.count(prompts, 'o200k');
const end = performance.now();
console.log(`\n250 prompts: counted ${(warm - cold).toFixed(1)} ms, remembered ${(end - warm).toFixed(1)} ms`);
await counter.dispose();
