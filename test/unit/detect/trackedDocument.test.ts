import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import TreeSitter from '@vscode/tree-sitter-wasm';
import fc from 'fast-check';
import { createDetector } from '../../../src/detect/createDetector.ts';
import type { Finding, SourceText } from '../../../src/detect/finding.ts';
import { applyChange, type TextChange } from '../../../src/detect/kept/textEdit.ts';
import { languageTableOf } from '../../../src/detect/language/tables.ts';
import { sourceLanguage } from '../../../src/detect/sourceLanguage.ts';
import { grammarBytes, realDetector, shippedCatalog } from '../../support/detector.ts';
import { soakRounds } from '../../support/soak.ts';

const folder = join(import.meta.dirname, '../../fixtures/findings');
const sources = readdirSync(folder)
  .map((file) => ({
    path: file,
    languageId: sourceLanguage(file) ?? '',
    text: readFileSync(join(folder, file), 'utf8'),
  }))
  .filter(({ languageId }) => languageTableOf(languageId) !== undefined);
const detector = realDetector(['cheap']);
after(() => detector.dispose());

/** What people type, paste and delete, with what breaks a source and what the rules turn on. */
const scraps = fc.oneof(
  fc.constantFrom(
    'x',
    ' ',
    '\n',
    '\r\n',
    '"',
    "'",
    '`',
    '"""',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    ',',
    '#',
    '//',
    '/*',
    '*/',
    '\\',
    '+',
    '😀',
    '\ud83d',
    '= ',
    '.',
    'return ',
    'model',
    'prompt',
    'question',
    'def f():\n    ',
    '\nclass A:\n    """Doc."""\n',
    'if x:\n',
    'function f() {',
    'model="gpt-4o"',
    '{ role: "user", content: "Tell me all about it now." }',
    '\ntext = "What is the capital of France today?"\n',
    'client.responses.create(model="gpt-4o", input=text)\n',
    'openai.GPT4o',
    ' + "and more words to come here"',
    '<SystemMessage>You are helpful.</SystemMessage>',
  ),
  fc.string({ maxLength: 4 }),
);

interface Place {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

const place: fc.Arbitrary<Place> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(3), fc.nat(90)),
  text: fc.oneof({ weight: 4, arbitrary: scraps }, fc.constant('')),
});

/** The places as the changes of one event: apart from each other, in offsets of the text before. */
function changesAt(text: string, places: readonly Place[]): TextChange[] {
  const changes: TextChange[] = [];
  let from = 0;
  for (const { at, length, text: inserted } of places.toSorted((a, b) => a.at - b.at)) {
    const start = Math.floor(at * text.length);
    if (start < from) continue;
    const end = Math.min(text.length, start + length);
    changes.push({ start, length: end - start, text: inserted });
    from = end + 1;
  }
  return changes;
}

const applyAll = (text: string, changes: readonly TextChange[]): string =>
  changes.toSorted((a, b) => b.start - a.start).reduce(applyChange, text);

/** Counts the trees that are alive while `work` runs, and asserts that none is left. */
async function withoutLeaks(work: (alive: () => number) => Promise<void>): Promise<void> {
  const { parse } = TreeSitter.Parser.prototype;
  const { delete: remove } = TreeSitter.Tree.prototype;
  const alive = new Set<unknown>();
  TreeSitter.Parser.prototype.parse = function (...args) {
    const tree = parse.apply(this, args);
    if (tree) alive.add(tree);
    return tree;
  };
  TreeSitter.Tree.prototype.delete = function () {
    assert.ok(alive.delete(this), 'a tree is deleted once');
    remove.apply(this);
  };
  try {
    await work(() => alive.size);
    assert.equal(alive.size, 0);
  } finally {
    TreeSitter.Parser.prototype.parse = parse;
    TreeSitter.Tree.prototype.delete = remove;
  }
}

test('after any edits the findings are those of a source never seen before', async () => {
  const events = fc.array(
    fc.record({ places: fc.array(place, { minLength: 1, maxLength: 3 }), told: fc.boolean(), looked: fc.boolean() }),
    { minLength: 1, maxLength: 8 },
  );
  const property = fc.asyncProperty(
    fc.constantFrom(...sources),
    fc.boolean(),
    events,
    async (source, windows, edits) => {
      const tracked = detector.track();
      let text = windows ? source.text.replaceAll('\n', '\r\n') : source.text;
      await tracked.detect({ ...source, text });
      for (const { places, told, looked } of edits) {
        const changes = changesAt(text, places);
        text = applyAll(text, changes);
        if (told) tracked.edit(changes);
        if (!looked) continue;
        const now = { ...source, text };
        assert.deepEqual(await tracked.detect(now), await detector.detect(now));
      }
      tracked.dispose();
    },
  );
  await withoutLeaks(() => fc.assert(property, { numRuns: soakRounds(600) }));
});

const python = (text: string): SourceText => ({ languageId: 'python', path: 'app.py', text });

/** One edit of a text that was detected in before. */
async function afterEdit(text: string, find: string, replacement: string): Promise<readonly Finding[]> {
  const tracked = detector.track();
  await tracked.detect(python(text));
  const change = { start: text.indexOf(find), length: find.length, text: replacement };
  tracked.edit([change]);
  const now = python(applyChange(text, change));
  const findings = await tracked.detect(now);
  assert.deepEqual(findings, await detector.detect(now));
  tracked.dispose();
  return findings;
}

test('what stands around a literal is part of what it was judged by', async () => {
  const call = 'import openai\nask(\n    1,\n    name="gpt-4o",\n)\n';
  assert.equal((await afterEdit(call, 'name', 'model')).length, 1);
  assert.equal((await afterEdit(call.replace('name', 'model'), 'model', 'name')).length, 0);
  const returned = 'import openai\ndef get_name():\n    x = 1\n    y = 2\n    return "gpt-4o"\n';
  assert.equal((await afterEdit(returned, 'get_name', 'get_model')).length, 1);
  const variable = 'import openai\ntext = "What is the capital of France?"\n\nask(text)\n';
  assert.equal((await afterEdit(variable, 'ask(text)', 'openai.chat.completions.create(input=text)')).length, 1);
  const constant = 'import openai\nclient.create(size=openai.GPT4o   \n)\n';
  assert.equal((await afterEdit(constant, 'size', 'model')).length, 1);
  const documented = 'import dspy\nclass A(Base):\n    """Answer the question from the notes."""\n';
  assert.equal((await afterEdit(documented, 'Base', 'dspy.Signature')).length, 1);
});

test('evidence that comes or goes with an edit decides anew about the whole source', async () => {
  const quiet = 'import x\nprompt = "Tell me one thing about it."\n';
  assert.equal((await afterEdit(quiet, 'import x', 'import openai')).length, 1);
  assert.equal((await afterEdit(quiet.replace('import x', 'import openai'), 'import openai', 'import x')).length, 0);
});

test('names of aliases that come or go decide anew', async () => {
  const names = new Set<string>();
  const changing = createDetector({
    catalog: shippedCatalog(),
    aliases: () => names,
    loadGrammar: grammarBytes,
    loadRuntime: () => grammarBytes(),
  });
  const tracked = changing.track();
  const source = python('import openai\nask(model="cheap")\n');
  assert.equal((await tracked.detect(source)).length, 0);
  names.add('cheap');
  assert.equal((await tracked.detect(source)).length, 1);
  changing.dispose();
});

test('one tree is kept per document, and none once it is of no use', async () => {
  await withoutLeaks(async (alive) => {
    const tracked = detector.track();
    const source = python('import openai\nask(model="gpt-4o")\n');
    await tracked.detect(source);
    assert.equal(alive(), 1);
    await tracked.calls(source);
    await tracked.detect({ ...source, text: `${source.text}x = 1\n` });
    assert.equal(alive(), 1);
    // Another language
    await tracked.detect({ languageId: 'typescript', path: 'app.ts', text: "import 'openai'; f({ model: 'gpt-4o' })" });
    assert.equal(alive(), 1);
    // Nothing in it any more
    await tracked.detect(python('x = 1\n'));
    assert.equal(alive(), 0);
    await tracked.detect(source);
    await tracked.detect({ languageId: 'unknown', path: 'app', text: 'model = "gpt-4o"' });
    assert.equal(alive(), 0);
    await tracked.detect(source);
    tracked.dispose();
    assert.equal(alive(), 0);
    assert.equal((await tracked.detect(source)).length, 1);
    assert.equal(alive(), 0);
  });
});

test('a document closed while its first detection waits for the grammar leaves no tree', async () => {
  await withoutLeaks(async (alive) => {
    const slow = createDetector({
      catalog: shippedCatalog(),
      loadGrammar: grammarBytes,
      loadRuntime: () => grammarBytes(),
    });
    const tracked = slow.track();
    const findings = tracked.detect(python('import openai\nask(model="gpt-4o")\n'));
    tracked.dispose();
    assert.equal((await findings).length, 1);
    assert.equal(alive(), 0);
    const other = slow.track();
    await other.detect(python('import openai\nask(model="gpt-4o")\n'));
    assert.equal(alive(), 1);
    slow.dispose();
  });
});

test('an edit that does not fit the text, and one that was not told of, do no harm', async () => {
  const tracked = detector.track();
  const text = 'import openai\nask(model="gpt-4o")\n';
  await tracked.detect(python(text));
  tracked.edit([{ start: 1000, length: 10, text: 'x' }]);
  assert.equal((await tracked.detect(python(text))).length, 1);
  tracked.edit([{ start: 0, length: 0, text: 'not what happened' }]);
  const moved = `# a comment\n${text}`;
  assert.deepEqual(await tracked.detect(python(moved)), await detector.detect(python(moved)));
  tracked.dispose();
});
