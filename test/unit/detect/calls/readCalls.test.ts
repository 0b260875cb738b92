import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { ModelCall } from '../../../../src/detect/calls/modelCall.ts';
import { realDetector } from '../../../support/detector.ts';

const detector = realDetector();
after(() => detector.dispose());

const python = (text: string): Promise<ModelCall[]> =>
  detector.calls({ languageId: 'python', path: 'app.py', text: `from openai import OpenAI\n${text}` });
const typeScript = (text: string): Promise<ModelCall[]> =>
  detector.calls({ languageId: 'typescript', path: 'app.ts', text: `import OpenAI from 'openai';\n${text}` });
const one = (calls: readonly ModelCall[]): ModelCall => {
  assert.equal(calls.length, 1);
  return calls[0] ?? assert.fail();
};
const keysOf = (call: ModelCall): Record<string, string> =>
  Object.fromEntries([...call.keys].map(([name, { text }]) => [name, text]));

test('keyword arguments, and whether there may be more than are seen', async () => {
  const plain = one(await python('client.chat.completions.create(model="gpt-4o", max_tokens=10)\n'));
  assert.equal(plain.api, 'openaiChat');
  assert.equal(plain.callee, 'client.chat.completions.create');
  assert.deepEqual(keysOf(plain), { model: '"gpt-4o"', max_tokens: '10' });
  assert.equal(plain.open, false);
  assert.equal(one(await python('client.chat.completions.create(model="gpt-4o", **options)\n')).open, true);
  assert.equal(one(await python('client.chat.completions.create(request)\n')).open, true);
});

test('properties of an object written out, shorthand and spread', async () => {
  const plain = one(await typeScript('await openai.chat.completions.create({ model: "gpt-4o", messages });\n'));
  assert.deepEqual(keysOf(plain), { model: '"gpt-4o"', messages: 'messages' });
  assert.equal(plain.open, false);
  assert.equal(plain.result.kind, 'discarded');
  assert.equal(one(await typeScript('openai.chat.completions.create({ ...defaults, messages });\n')).open, true);
  assert.equal(one(await typeScript('openai.chat.completions.create(body);\n')).open, true);
});

test('callees of the same name elsewhere are no model calls', async () => {
  assert.deepEqual(await python('client.messages.create(body="Hello", to="+1")\nItem.objects.create(name="x")\n'), []);
  assert.deepEqual(await python('# client.chat.completions.create(model="gpt-4o")\n'), []);
  assert.deepEqual(await typeScript('const text = "client.chat.completions.create(x)";\n'), []);
});

test('a call in a loop, in its header, in a comprehension, and in a function given to map', async () => {
  const call = 'client.chat.completions.create(model="gpt-4o")';
  const kinds = async (text: string): Promise<string[]> => one(await python(text)).loops.map(({ kind }) => kind);
  assert.deepEqual(await kinds(`for text in texts:\n    ${call}\n`), ['over']);
  assert.deepEqual(await kinds(`for i in range(3):\n    ${call}\n`), ['counted']);
  assert.deepEqual(await kinds(`for i in range(len(texts)):\n    ${call}\n`), ['over']);
  assert.deepEqual(await kinds(`while True:\n    ${call}\n`), ['while']);
  assert.deepEqual(await kinds(`for chunk in ${call}:\n    print(chunk)\n`), []);
  assert.deepEqual(await kinds(`answers = [${call} for text in texts]\n`), ['map']);
  assert.deepEqual(await kinds(`for text in texts:\n    def ask():\n        ${call}\n`), []);
  const script = 'openai.chat.completions.create({ model: "gpt-4o" })';
  const scriptKinds = async (text: string): Promise<string[]> =>
    one(await typeScript(text)).loops.map(({ kind }) => kind);
  assert.deepEqual(await scriptKinds(`await Promise.all(texts.map(async (text) => { await ${script}; }));\n`), ['map']);
  assert.deepEqual(await scriptKinds(`for (const text of texts) { await ${script}; }\n`), ['over']);
  assert.deepEqual(await scriptKinds(`for (let i = 0; i < 3; i++) { await ${script}; }\n`), ['counted']);
  assert.deepEqual(await scriptKinds(`for (let i = 0; i < texts.length; i++) { await ${script}; }\n`), ['over']);
  assert.deepEqual(await scriptKinds(`button.onClick(() => { ${script}; });\n`), []);
});

test('who waits: handlers by decorator, by registration and by signature', async () => {
  const call = 'client.chat.completions.create(model="gpt-4o")';
  const script = 'openai.chat.completions.create({ model: "gpt-4o" })';
  const inHandler = async (calls: Promise<ModelCall[]>): Promise<boolean> => one(await calls).inHandler;
  assert.equal(await inHandler(python(`@app.post("/ask")\nasync def ask(body: Body):\n    return ${call}\n`)), true);
  assert.equal(await inHandler(python(`def ask(request):\n    return ${call}\n`)), true);
  assert.equal(await inHandler(python(`def main(path):\n    return ${call}\n`)), false);
  assert.equal(await inHandler(typeScript(`app.post("/ask", async (req, res) => { ${script}; });\n`)), true);
  assert.equal(await inHandler(typeScript(`export async function POST(req: Request) { ${script}; }\n`)), true);
  assert.equal(await inHandler(typeScript(`export async function run(path: string) { ${script}; }\n`)), false);
});

test('own retries: decorator, loop with try, and wrapper; with the number of attempts', async () => {
  const call = 'client.chat.completions.create(model="gpt-4o")';
  const retry = async (text: string): Promise<ModelCall['retry']> => one(await python(text)).retry;
  assert.deepEqual(await retry(`@retry(stop=stop_after_attempt(6))\ndef ask():\n    return ${call}\n`), {
    by: 'decorator',
    attempts: 6,
  });
  assert.deepEqual(
    await retry(
      `for attempt in range(4):\n    try:\n        x = ${call}\n        break\n    except Exception:\n        pass\n`,
    ),
    { by: 'loop', attempts: 4 },
  );
  assert.equal(
    await retry(`for text in texts:\n    try:\n        ${call}\n    except Exception:\n        pass\n`),
    undefined,
  );
  const script = 'openai.chat.completions.create({ model: "gpt-4o" })';
  assert.deepEqual(one(await typeScript(`await pRetry(() => ${script}, { retries: 5 });\n`)).retry, {
    by: 'wrapper',
    attempts: 6,
  });
});

test('what becomes of the answer', async () => {
  const call = 'client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions")';
  assert.deepEqual(one(await python(`${call}\n`)).result, { kind: 'discarded' });
  assert.deepEqual(one(await python(`batch = ${call}\n`)).result, { kind: 'assigned', name: 'batch' });
  assert.deepEqual(one(await python(`save(${call})\n`)).result, { kind: 'used' });
  assert.equal(one(await python(`${call}\n`)).api, 'openaiBatch');
});

test('of a call in a hundred and fifty loops the nearest are told', async () => {
  const text = `import OpenAI from 'openai';\n${'for (const a of as) {\n'.repeat(150)}client.responses.create({ input: a });\n${'}\n'.repeat(150)}`;
  const [call, ...more] = await detector.calls({ languageId: 'typescript', path: 'a.ts', text });
  assert.equal(more.length, 0);
  // A loop is two nodes, itself and its block; the call stands in a statement.
  assert.equal(call?.loops.length, 99);
  assert.ok(call.loops.every(({ kind }) => kind === 'over'));
});
