import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { detectByPatterns } from '../../../src/detect/detectByPatterns.ts';
import { createModelTextReader } from '../../../src/detect/rules/modelText.ts';
import { shippedCatalog } from '../../support/detector.ts';

const models = createModelTextReader(shippedCatalog(), () => new Set(['cheap']));
const found = (source: string): string[] =>
  detectByPatterns(source, models).map((finding) => {
    assert.equal(finding.kind, 'model');
    assert.equal(source.slice(finding.span.start, finding.span.end), finding.text);
    return source.slice(finding.literal.start, finding.literal.end);
  });

test('what a name or a call selects is found in any language', () => {
  const selecting: Readonly<Record<string, string>> = {
    'let model = "gpt-4o"': '"gpt-4o"',
    'OPENAI_MODEL=gpt-4o-mini': 'gpt-4o-mini',
    'ENV LLM_MODEL="claude-sonnet-4-5"': '"claude-sonnet-4-5"',
    "{ model: 'gpt-4o', temperature: 0 }": "'gpt-4o'",
    '{"model":"gemini-2.5-pro","stream":true}': '"gemini-2.5-pro"',
    'chat(model: "openai/gpt-4o")': '"openai/gpt-4o"',
    ':model => "gpt-4o"': '"gpt-4o"',
    'modelName := "gpt-4o"': '"gpt-4o"',
    '.model("gpt-4o")': '"gpt-4o"',
    'val llm = ChatOpenAI("gpt-4o")': '"gpt-4o"',
    "let answer = openai('gpt-4o')": "'gpt-4o'",
    'url = "https://api.openai.com/v1"; model = "gpt-4o"': '"gpt-4o"',
  };
  for (const [source, literal] of Object.entries(selecting)) assert.deepEqual(found(source), [literal], source);
});

test('what only speaks of a model is left out', () => {
  const quiet = [
    '// model = "gpt-4o"',
    '# model = "gpt-4o"',
    ' * model: "gpt-4o"',
    'x = 1 // model = "gpt-4o"',
    'x = 1 # model = "gpt-4o"',
    'if (model == "gpt-4o")',
    'case "gpt-4o":',
    'name = "gpt-4o"',
    'supportedModels = "gpt-4o"',
    'print("gpt-4o")',
    'encoding_for_model("gpt-4o")',
    'startsWith("gpt-4o")',
    '{ model: "gpt-4o", inputPrice: 2.5 }',
    'assertEquals(model: "gpt-4o")',
    'model = "T"',
    'model = "my-own-thing"',
    'model = "cheap"',
    'model = "you are gpt-4o"',
  ];
  for (const source of quiet) assert.deepEqual(found(source), [], source);
});

test('offsets hold on later lines, with carriage returns and beyond ten thousand characters', () => {
  const long = `${'f(1);'.repeat(4_000)}x={model:"gpt-4o",n:1};${'g(2);'.repeat(4_000)}`;
  assert.deepEqual(found(`a\r\nmodel = "gpt-4o"\r\n${long}\r\nmodel: gpt-4o\r\n`), ['"gpt-4o"', '"gpt-4o"', 'gpt-4o']);
});

// A pattern that tries each start with each end would take hours for one of these.
test('a line of 200,000 characters takes time by its length, whatever is on it', { timeout: 120_000 }, () => {
  const pieces = [
    'a',
    '"',
    ' ',
    'model',
    '=',
    ':',
    '(',
    'gpt-',
    '.',
    '-',
    '\t',
    "model='",
    '"a" ',
    'model=',
    'x.y.',
    '//',
  ];
  const line = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 }).map((some) => some.join(''));
  fc.assert(
    fc.property(line, (piece) => {
      const long = piece.repeat(Math.ceil(200_000 / piece.length));
      assert.equal(found(`${long}\nmodel = "gpt-4o"`).at(-1), '"gpt-4o"');
    }),
    { numRuns: 60 },
  );
});
