import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { isNestedTooDeep } from '../../../src/detect/nestedTooDeep.ts';
import { realDetector } from '../../support/detector.ts';

const detector = realDetector();
after(() => detector.dispose());

const nested = (depth: number, inner: string): string => `${'f(\n'.repeat(depth)}${inner}${')\n'.repeat(depth)}`;

test('brackets count where they stand in each other, and not in quotes', () => {
  assert.equal(isNestedTooDeep(nested(200, 'x')), false);
  assert.equal(isNestedTooDeep(nested(201, 'x')), true);
  assert.equal(isNestedTooDeep('[{('.repeat(67)), true);
  assert.equal(isNestedTooDeep('f(x)[0]{}\n'.repeat(1_000)), false);
  assert.equal(isNestedTooDeep(')'.repeat(300) + '('.repeat(200)), false);
  assert.equal(isNestedTooDeep('a = "(" + \'[\' + "\\"{"\n'.repeat(300)), false);
  // An apostrophe opens nothing that ends on its line.
  assert.equal(isNestedTooDeep("don't (\n".repeat(201)), true);
});

test('a source nested too deep for a tree is read by strict patterns, and has no calls', async () => {
  const source = (depth: number) => ({
    languageId: 'python',
    path: 'app.py',
    text: `import openai\n${nested(depth, 'client.create(model="gpt-4o", prompt="Tell me about it.")')}`,
  });
  const kinds = async (depth: number) => (await detector.detect(source(depth))).map(({ kind }) => kind);
  assert.deepEqual(await kinds(100), ['model', 'prompt']);
  assert.deepEqual(await kinds(20_000), ['model']);
  assert.deepEqual(await detector.calls(source(20_000)), []);
});

test('a document that becomes too deep and comes back is read as one never seen', async () => {
  const tracked = detector.track();
  const text = 'import openai\nclient.create(model="gpt-4o", prompt="Tell me about it.")\n';
  const read = async (now: string) => {
    const source = { languageId: 'python', path: 'app.py', text: now };
    const findings = await tracked.detect(source);
    assert.deepEqual(findings, await detector.detect(source));
    return findings.length;
  };
  assert.equal(await read(text), 2);
  const opened = '('.repeat(300);
  tracked.edit([{ start: text.length, length: 0, text: opened }]);
  assert.equal(await read(text + opened), 1);
  tracked.edit([{ start: text.length, length: opened.length, text: '' }]);
  assert.equal(await read(text), 2);
  tracked.dispose();
});

test('settings nested too deep hold nothing', async () => {
  const yaml = (text: string) => detector.detect({ languageId: 'yaml', path: 'config.yaml', text });
  assert.equal((await yaml('model: gpt-4o\n')).length, 1);
  assert.equal((await yaml(`model: gpt-4o\na: ${'[\n'.repeat(20_000)}`)).length, 0);
});

test('what is not closed in a BAML file ends what is looked for in it', async () => {
  const baml = (text: string) => detector.detect({ languageId: 'baml', path: 'a.baml', text });
  const whole = 'function F(a: string) -> string {\n  client "openai/gpt-4o"\n  prompt #"Tell me about it now"#\n}\n';
  assert.deepEqual(
    (await baml(whole)).map(({ kind }) => kind),
    ['model', 'prompt'],
  );
  assert.equal((await baml(whole + 'prompt #"\n'.repeat(20_000))).length, 2);
});
