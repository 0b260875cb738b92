import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createDetector } from '../../../src/detect/createDetector.ts';
import { type Finding, promptText } from '../../../src/detect/finding.ts';
import { createModelOfPrompt } from '../../../src/detect/modelOfPrompt.ts';
import { grammarBytes, realDetector, shippedCatalog } from '../../support/detector.ts';

const detector = realDetector(['cheap']);
after(() => detector.dispose());

const python = (text: string): Promise<Finding[]> => detector.detect({ languageId: 'python', path: 'app.py', text });
const slice = (text: string, finding: Finding): string => text.slice(finding.span.start, finding.span.end);

test('offsets are UTF-16 where the source has characters outside the BMP', async () => {
  const text = '# 😀 openai\nask(model="gpt-4o", messages=[{"role": "user", "content": "Is 😀 happy today?"}])\n';
  const findings = await python(text);
  assert.deepEqual(
    findings.map((finding) => [finding.kind, slice(text, finding)]),
    [
      ['model', 'gpt-4o'],
      ['prompt', '"Is 😀 happy today?"'],
    ],
  );
});

test('static parts and holes are kept apart, and the static text is the decoded value', async () => {
  const text =
    'from openai import OpenAI\nprompt = f"""Say {{hi}}\\tto {name} and {other!r}.""" + suffix + " Be brief, please."\n';
  const [finding] = await python(text);
  assert.equal(finding?.kind, 'prompt');
  assert.equal(slice(text, finding), text.slice(text.indexOf('f"""'), -1));
  assert.equal(promptText(finding), 'Say {hi}\tto  and . Be brief, please.');
  assert.deepEqual(
    finding.holes.map(({ start, end }) => text.slice(start, end)),
    ['{name}', '{other!r}', 'suffix'],
  );
});

test('a prompt finds the model of its own call among several', async () => {
  const text = [
    "import { generateText } from 'ai';",
    "const a = await generateText({ model: openai('gpt-4o'), prompt: 'Invent a new holiday.' });",
    "const b = await generateText({ model: openai('gpt-4o-mini'), prompt: 'Invent a new dish.' });",
  ].join('\n');
  const findings = await detector.detect({ languageId: 'typescript', path: 'a.ts', text });
  const modelOfPrompt = createModelOfPrompt(findings);
  const models = findings.map((finding) => (finding.kind === 'prompt' ? modelOfPrompt(finding)?.text : undefined));
  assert.deepEqual(models, [undefined, 'gpt-4o', undefined, 'gpt-4o-mini']);
});

test('an alias is a mention where the file speaks of LLMs, and a word elsewhere', async () => {
  assert.equal((await python('from openai import OpenAI\nask(model="cheap")\n')).length, 1);
  assert.equal((await python('engine(model="cheap")\n')).length, 0);
});

test('a source without a word about LLMs loads no grammar', async () => {
  const loaded: string[] = [];
  const counting = createDetector({
    catalog: shippedCatalog(),
    loadGrammar: (name) => {
      loaded.push(name);
      return grammarBytes(name);
    },
    loadRuntime: () => grammarBytes(),
  });
  const detect = (text: string): Promise<Finding[]> => counting.detect({ languageId: 'python', path: 'x.py', text });
  assert.deepEqual(await detect('model = "T"\nprint("please enter your name")\n'), []);
  assert.deepEqual(loaded, []);
  assert.equal((await detect('model = "gpt-4o"\n')).length, 1);
  assert.deepEqual(loaded, ['python']);
  counting.dispose();
});

test('a file kept as text in a source does not hide what stands beside it', async () => {
  const image = 'iVBORw0KGgo'.repeat(2_000);
  const text = `client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "Describe it"}])\nimage = "${image}"\n`;
  const read = async (line: string): Promise<string[]> =>
    (await detector.detect({ languageId: 'python', path: 'tests/test_images.py', text: text + line })).map(
      ({ kind }) => kind,
    );
  assert.deepEqual(await read(''), ['model', 'prompt']);
  assert.deepEqual(await read(`values = [${'1, '.repeat(5_000)}]\n`), []);
});

test('a script that is nested deeper than the stack is read as far as scripts go', async () => {
  const deep = `${'$(\n'.repeat(20_000)}echo${'\n)'.repeat(20_000)}`;
  const text = `OPENAI_MODEL=gpt-4o\nx=${deep}\n`;
  const found = await detector.detect({ languageId: 'shellscript', path: 'a.sh', text });
  assert.deepEqual(
    found.map(({ kind, span }) => [kind, text.slice(span.start, span.end)]),
    [['model', 'gpt-4o']],
  );
});

test('a grammar that cannot be loaded names the language and the remedy', async () => {
  const broken = createDetector({
    catalog: shippedCatalog(),
    loadGrammar: () => Promise.reject(new Error('ENOENT')),
    loadRuntime: () => grammarBytes(),
  });
  await assert.rejects(broken.detect({ languageId: 'python', path: 'x.py', text: 'model = "gpt-4o"\n' }), {
    name: 'GrammarNotLoaded',
    message: /python.*ENOENT.*Reinstall Tollgate/,
  });
  broken.dispose();
});
