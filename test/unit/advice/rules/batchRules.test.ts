import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createAdviser, onlyMessage } from '../../../support/advise.ts';

const { advise, places, dispose } = createAdviser();
after(dispose);

const python = (text: string): string => `from openai import OpenAI\nclient = OpenAI()\n${text}\n`;
const script = (text: string): string => `import OpenAI from 'openai';\nconst client = new OpenAI();\n${text}\n`;
const ask = (content: string): string =>
  `client.chat.completions.create(model="gpt-4o", messages=[{"role": "system", "content": "Rate the review from one to five."}, {"role": "user", "content": ${content}}])`;
const submit = 'client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions")';

test('batchable-loop: the saving of 1,000 calls, from the fixed tokens alone', async () => {
  const text = python(`for review in reviews:\n    ratings.append(${ask('review')})`);
  // 7 words at $2.50 - $1.25 per million, 1,000 times.
  assert.equal(
    onlyMessage(await advise('batchable-loop', 'python', text)),
    'The calls of this loop do not depend on each other. If nobody waits for the answers, a batch of gpt-4o does them 50 % cheaper: about $0.0088 per 1,000 calls on the 7 fixed input tokens alone (estimate).',
  );
  const map = script(
    "await Promise.all(reviews.map((review) => client.chat.completions.create({ model: 'gpt-4o', messages: build(review) })));",
  );
  assert.deepEqual(await places('batchable-loop', 'typescript', map), ['create']);
});

test('batchable-loop: quiet where an answer goes on, ends the loop, is waited for, or the loop runs over no work', async () => {
  const none = (text: string): Promise<string[]> => places('batchable-loop', 'python', python(text));
  assert.deepEqual(await none(`for review in reviews:\n    x = ${ask('review')}`), ['create']);
  assert.deepEqual(await none(`while True:\n    x = ${ask('review')}`), []);
  assert.deepEqual(await none(`for i in range(3):\n    x = ${ask('review')}`), []);
  assert.deepEqual(await none(`for model in models:\n    x = ${ask('review')}`), []);
  assert.deepEqual(await none(`for review in ["a", "b"]:\n    x = ${ask('review')}`), []);
  assert.deepEqual(
    await none(`for review in reviews:\n    x = ${ask('review + state')}\n    state = x.choices[0]`),
    [],
  );
  assert.deepEqual(await none(`for review in reviews:\n    history.append(review)\n    x = ${ask('history')}`), []);
  assert.deepEqual(await none(`for review in reviews:\n    if ${ask('review')}:\n        break`), []);
  assert.deepEqual(
    await none(`@app.post("/rate")\ndef rate(reviews):\n    return [${ask('review')} for review in reviews]`),
    [],
  );
  assert.deepEqual(await none(`question = input("?")\nfor review in reviews:\n    x = ${ask('review')}`), []);
});

test('batch-for-interactive: a handler that waits for its batch, and not one that hands it in', async () => {
  const waits = `@app.post("/ask")\ndef answer(body):\n    batch = ${submit}\n    while batch.status != "completed":\n        time.sleep(5)\n        batch = client.batches.retrieve(batch.id)\n    return batch`;
  assert.match(
    onlyMessage(await advise('batch-for-interactive', 'python', python(waits))),
    /^This request handler waits for a batch, which may take up to 24 hours\./,
  );
  const handsIn = `@app.post("/ask")\ndef answer(body):\n    return ${submit}.id`;
  assert.deepEqual(await places('batch-for-interactive', 'python', python(handsIn)), []);
  const job = waits.replace('@app.post("/ask")\n', '');
  assert.deepEqual(await places('batch-for-interactive', 'python', python(job)), []);
  const handler = script(
    "app.post('/ask', async (req, res) => {\n  const batch = await client.batches.create({ endpoint });\n  await setTimeout(60_000);\n  res.send(batch);\n});",
  );
  assert.deepEqual(await places('batch-for-interactive', 'typescript', handler), ['create']);
});

test('batch-never-collected: an id that is kept nowhere', async () => {
  assert.match(
    onlyMessage(await advise('batch-never-collected', 'python', python(submit))),
    /^The id of this batch is not kept\. Its answers are billed, and deleted by the provider after 30 days\./,
  );
  const anthropic = `import Anthropic from '@anthropic-ai/sdk';\nconst job = await client.messages.batches.create({ requests });\n`;
  assert.match(onlyMessage(await advise('batch-never-collected', 'typescript', anthropic)), /after 29 days/);
  const none = (text: string): Promise<string[]> => places('batch-never-collected', 'python', python(text));
  assert.deepEqual(await none(`batch = ${submit}`), ['create']);
  assert.deepEqual(await none(`batch = ${submit}\nprint(batch.id)`), []);
  assert.deepEqual(await none(`save(${submit})`), []);
  assert.deepEqual(await none(`${submit}\nfor done in client.batches.list():\n    read(done)`), []);
});
