import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { Tiktoken } from 'js-tiktoken/lite';
import cl100kRanks from 'js-tiktoken/ranks/cl100k_base';
import o200kRanks from 'js-tiktoken/ranks/o200k_base';
import { countText } from '../../../src/tokens/countText.ts';
import { type CountPiece, type Encoding, loadEncoding } from '../../../src/tokens/encodings.ts';
import { cutLongRuns } from '../../../src/tokens/runGuard.ts';

/** An independent implementation of the same vocabularies; too slow on some texts to be used at run time. */
const oracles = { o200k: new Tiktoken(o200kRanks), cl100k: new Tiktoken(cl100kRanks) };

function oracle(text: string, encoding: Encoding): number {
  return oracles[encoding].encode(text, [], []).length;
}

const loaded = new Map<Encoding, CountPiece>();
before(async () => {
  for (const encoding of ['o200k', 'cl100k'] as const) loaded.set(encoding, await loadEncoding(encoding));
});

function count(text: string, encoding: Encoding): number {
  const countPiece = loaded.get(encoding);
  assert.ok(countPiece);
  return countText(text, countPiece);
}

const root = resolve(import.meta.dirname, '../../..');

function corpus(): [name: string, text: string][] {
  const textsIn = (folder: string, names: RegExp, most: number): [string, string][] =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => names.test(name))
      .sort()
      .slice(0, most)
      .map((name): [string, string] => [name, readFileSync(join(root, folder, name), 'utf8').slice(0, 20_000)]);
  const source = [
    ...textsIn('src', /\.ts$/, 80),
    ...textsIn('test/fixtures', /\.(?:py|go|java|kt|cs|rb|rs|php|sh|md|ipynb|ya?ml|toml|jsonl?|prompty?)$/, 40),
    ...['README.md', 'ARCHITECTURE.md'].map((name): [string, string] => [name, readFileSync(join(root, name), 'utf8')]),
  ];
  const prices = readFileSync(join(root, 'media/prices.json'), 'utf8').slice(0, 20_000);
  return [
    ...source,
    ['prices.json', prices],
    ['LICENSE', readFileSync(join(root, 'LICENSE'), 'utf8')],
    ['japanese', '要約してください。入力は顧客からの問い合わせで、出力は三つの要点です。'],
    ['chinese', '请把下面的客户来信总结成三个要点,并判断其情绪。'],
    ['korean', '다음 고객 문의를 세 가지 요점으로 요약하고 감정을 분류하세요.'],
    ['emoji', '👩‍👩‍👧‍👦 family, 🇩🇪 flag, é and e\u0301, ﬁ ligature, \u200b zero width'],
    ['special', '<|endoftext|> and <|im_start|>system are text here<|fim_prefix|>'],
    ['white space', 'a\n\n\n  b\t\t c \r\n\r\n d   \n'],
  ];
}

for (const encoding of ['o200k', 'cl100k'] as const) {
  test(`${encoding}: the corpus counts the same as by js-tiktoken`, () => {
    for (const [name, text] of corpus()) assert.equal(count(text, encoding), oracle(text, encoding), name);
  });

  test(`${encoding}: random texts count the same as by js-tiktoken`, () => {
    const word = fc.constantFrom(
      'the',
      ' Prompt',
      'ing',
      ' 12345',
      'ß',
      '漢字',
      ' {"a":',
      '\n\n',
      '    ',
      "'ll",
      '…',
      '🦊',
      '-->',
      '\t',
      'É',
      '\u0301',
    );
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.array(word, { maxLength: 60 }).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(text, (sample) => {
        assert.equal(count(sample, encoding), oracle(sample.replace(/^\uFEFF/, ''), encoding));
      }),
      { numRuns: 400 },
    );
  });
}

test('a byte order mark is not counted', () => {
  assert.equal(count('\uFEFFhello world', 'o200k'), count('hello world', 'o200k'));
  assert.equal(count('hello world', 'o200k'), 2);
  assert.equal(count('', 'o200k'), 0);
});

test('the guard is wrong by two tokens per cut at most', () => {
  const countPiece = loaded.get('o200k');
  assert.ok(countPiece);
  const letters = fc.string({
    unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'),
    minLength: 300,
    maxLength: 1500,
  });
  const unit = fc.constantFrom(
    'a',
    'ab',
    'the',
    'é',
    '漢',
    '漢字',
    '한국',
    'かな',
    ' ',
    '\n',
    '\t ',
    '-',
    '=',
    '#*',
    '🦊',
    'ß',
    '\u0301',
  );
  const repeated = fc.tuple(unit, fc.integer({ min: 150, max: 1500 })).map(([part, times]) => part.repeat(times));
  fc.assert(
    fc.property(fc.oneof(letters, repeated), (run) => {
      const cuts = cutLongRuns(run).length - 1;
      // without the guard gpt-tokenizer counts as js-tiktoken does (above) and is fast enough for runs of this length
      const error = Math.abs(count(run, 'o200k') - countPiece(run));
      assert.ok(error <= 2 * cuts, `${error} tokens off for ${cuts} cuts of ${run.length} characters`);
    }),
    { numRuns: 150 },
  );
});

test('long runs are counted within 1 % of the oracle', () => {
  for (const run of ['a'.repeat(600), '-'.repeat(700), '漢'.repeat(300), ' '.repeat(600)]) {
    const text = `${'Summarise this. '.repeat(20)}${run} Thank you.`;
    const [counted, expected] = [count(text, 'o200k'), oracle(text, 'o200k')];
    assert.ok(Math.abs(counted - expected) <= Math.max(2, expected * 0.01), `${counted} instead of ${expected}`);
  }
});

test('long runs of digits and mixed signs, as in keys and hashes, are not cut at all', () => {
  for (const text of ['1'.repeat(1000), 'a1'.repeat(500), 'f3A9-'.repeat(200), 'x = 1;\n'.repeat(300)])
    assert.equal(count(text, 'o200k'), oracle(text, 'o200k'));
});
