import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { realDetector } from '../../support/detector.ts';

const detector = realDetector();
after(() => detector.dispose());

async function found(path: string, languageId: string, text: string): Promise<string[]> {
  const findings = await detector.detect({ languageId, path, text });
  return findings.map(({ kind, span }) => `${kind} ${text.slice(span.start, span.end)}`);
}

test('texts for people, descriptions of interfaces and recorded traffic set nothing', async () => {
  const json = '{ "model": "gpt-4o", "prompt": "Tell the LLM how it should answer, in a sentence or two, please." }';
  assert.equal((await found('config/app.json', 'json', json)).length, 2);
  assert.deepEqual(await found('components/ai/strings.json', 'json', json), []);
  assert.deepEqual(await found('app/translations/en.json', 'json', json), []);
  assert.deepEqual(await found('openapi.json', 'json', json), []);
  const recorded = 'http_interactions:\n- request:\n    model: gpt-4o\n';
  assert.deepEqual(await found('spec/one.yml', 'yaml', recorded), []);
  const schema = `{ "$schema": "https://json-schema.org/draft/2020-12/schema", "default": ${json} }`;
  assert.deepEqual(await found('a.json', 'json', schema), []);
});

test('offsets of a prompt in a YAML block with Windows line ends', async () => {
  const text = 'model: gpt-4o\r\nsystem_prompt: |\r\n  You are {{name}}.\r\n  Be brief, please.\r\nnext: 1\r\n';
  const findings = await detector.detect({ languageId: 'yaml', path: 'a.yaml', text });
  const prompt = findings.find((finding) => finding.kind === 'prompt');
  assert.equal(prompt?.kind, 'prompt');
  assert.deepEqual(
    prompt.parts.map((part) => part.text),
    ['You are ', '.\nBe brief, please.'],
  );
  assert.deepEqual(
    prompt.parts.map(({ span }) => text.slice(span.start, span.end)),
    ['You are ', '.\r\n  Be brief, please.'],
  );
});

test('a file of prompts may hold them under any key', async () => {
  const text = 'greeting: |\n  Say hello to the visitor,\n  and ask for a name.\ntitle: A title of it\n';
  assert.equal((await found('src/prompts.yaml', 'yaml', text)).length, 1);
  assert.deepEqual(await found('src/texts.yaml', 'yaml', text), []);
});

test('code in documentation was written for the page, code in a design is of the project', async () => {
  const text = '# A\n```python\nask_llm("Name three rivers of France", model="gpt-4o")\n```\n';
  assert.equal((await found('design/chat.md', 'markdown', text)).length, 2);
  for (const path of ['README.md', 'docs/chat.md', 'src/page.mdx'])
    assert.deepEqual(await found(path, 'markdown', text), [], path);
});
