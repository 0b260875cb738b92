import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loadCatalog } from '../../../../src/catalog/loadCatalog.ts';
import { createAdviser, onlyMessage } from '../../../support/advise.ts';

const { advise, places, fixed, dispose } = createAdviser();
after(dispose);

const prices = {
  schema: 1,
  asOf: '2026-09-22',
  sources: [{ name: 'a test', licence: 'MIT' }],
  models: {
    openai: [
      { id: 'gpt-4o', match: [], usd: { input: 2.5, output: 10 }, tokenizer: 'o200k' },
      { id: 'gpt-4o-mini', match: [], usd: { input: 0.15, output: 0.6 }, tokenizer: 'o200k' },
      {
        id: 'gpt-4-0314',
        match: [],
        usd: { input: 30, output: 60 },
        tokenizer: 'cl100k',
        deprecated: '2026-06-06',
        successor: 'gpt-4o',
      },
    ],
  },
};
const catalog = loadCatalog(prices);
const aliases = {
  cheap: {
    targets: [{ provider: 'openai', model: 'gpt-4o-mini' }],
    maxInputTokens: 20,
    maxOutputTokens: 100,
    onOverflow: 'error',
    fallback: { on: [], maxAttempts: 1, deadlineMs: 1_000 },
  },
} as const;

const python = (call: string): string => `from openai import OpenAI\nclient = OpenAI()\n${call}\n`;
const script = (call: string): string => `import OpenAI from 'openai';\nconst client = new OpenAI();\n${call}\n`;

test('hardcoded-model: a model written into code, and not one that a setting decides or a list offers', async () => {
  const hit = await advise('hardcoded-model', 'python', python('ask(model="gpt-4o")'), { catalog });
  assert.equal(
    onlyMessage(hit),
    'The model gpt-4o is written into the code. Under an alias it can be exchanged in tollgate.jsonc without an edit here.',
  );
  assert.equal(hit[0]?.fixes[0]?.kind, 'useAlias');
  const none = (languageId: string, text: string): Promise<string[]> =>
    places('hardcoded-model', languageId, text, { catalog, aliases });
  assert.deepEqual(await none('typescript', script("ask({ model: 'gpt-4o' });")), ['gpt-4o']);
  assert.deepEqual(await none('python', python('ask(model="cheap")')), []);
  assert.deepEqual(await none('python', python('ask(model=os.getenv("MODEL", "gpt-4o"))')), []);
  assert.deepEqual(await none('typescript', script("const model = process.env.MODEL ?? 'gpt-4o';")), []);
  assert.deepEqual(await none('python', python('models = [\n    "gpt-4o",\n    "gpt-4o-mini",\n]')), []);
  assert.deepEqual(await none('python', python('ask(model="my-own-model")')), []);
});

test('unknown-model: a slip of the hand, and a model that the prices lack', async () => {
  const text = python('ask(model="gpt-4o-mnii")');
  assert.equal(
    onlyMessage(await advise('unknown-model', 'python', text, { catalog })),
    'The prices of 2026-09-22 do not know the model gpt-4o-mnii. Was gpt-4o-mini meant?',
  );
  assert.equal(await fixed('unknown-model', 'python', text, { catalog }), text.replace('mnii', 'mini'));
  const newer = await advise('unknown-model', 'typescript', script("ask({ model: 'gpt-9' });"), { catalog });
  assert.match(
    onlyMessage(newer),
    /^The prices of 2026-09-22 do not know the model gpt-9: its calls count as unpriced/,
  );
  assert.deepEqual(newer[0]?.fixes, []);
});

test('unknown-model: quiet on names of one’s own, other servers and other units', async () => {
  const none = (text: string): Promise<string[]> => places('unknown-model', 'python', text, { catalog, aliases });
  assert.deepEqual(await none(python('ask(model="my-model-7b")')), []);
  assert.deepEqual(await none(python('ask(model="cheap")')), []);
  assert.deepEqual(await none(python('ask(model="gpt-4o")')), []);
  assert.deepEqual(await none(python('ask(model="gpt-9-image")')), []);
  assert.deepEqual(await none('from openai import AzureOpenAI\nask(model="gpt-9")\n'), []);
  assert.deepEqual(await none(python('client = OpenAI(base_url=url)\nask(model="gpt-9")')), []);
});

test('deprecated-model: date, successor and the edit', async () => {
  const text = python('ask(model="openai/gpt-4-0314")');
  const told = async (today: string): Promise<string> =>
    onlyMessage(await advise('deprecated-model', 'python', text, { catalog, today }));
  assert.equal(
    await told('2026-10-01'),
    'Since 2026-06-06, openai/gpt-4-0314 is deprecated or no longer served: its calls may fail. gpt-4o takes its place.',
  );
  assert.equal(
    await told('2026-01-01'),
    'From 2026-06-06, openai/gpt-4-0314 is deprecated or no longer served; gpt-4o takes its place.',
  );
  assert.equal(
    await fixed('deprecated-model', 'python', text, { catalog }),
    text.replace('openai/gpt-4-0314', 'openai/gpt-4o'),
  );
  assert.deepEqual(
    await places('deprecated-model', 'typescript', script("ask({ model: 'gpt-4-0314' });"), { catalog }),
    ['gpt-4-0314'],
  );
  assert.deepEqual(await places('deprecated-model', 'python', python('ask(model="gpt-4o")'), { catalog }), []);
});

test('a constant named after its model is an entry of a list of models: no rule about models speaks there', async () => {
  for (const rule of ['hardcoded-model', 'unknown-model', 'deprecated-model'] as const)
    for (const [name, id] of [
      ['MODEL_GPT_4O', 'gpt-4o'],
      ['MODEL_GPT_9', 'gpt-9'],
      ['MODEL_GPT_4_0314', 'gpt-4-0314'],
    ])
      assert.deepEqual(await places(rule, 'python', python(`${name} = "${id}"`), { catalog }), [], `${rule} ${id}`);
  assert.deepEqual(await places('deprecated-model', 'python', python('MODEL = "gpt-4-0314"'), { catalog }), [
    'gpt-4-0314',
  ]);
});

const classify = 'Classify the following ticket as bug, question or praise.';

test('flagship-for-simple-task: the saving per 1,000 calls, and the smaller model', async () => {
  const text = python(
    `client.chat.completions.create(model="gpt-4o", messages=[{"role": "system", "content": "${classify}"}])`,
  );
  const hit = await advise('flagship-for-simple-task', 'python', text, { catalog });
  // 9 words at $2.50 - $0.15 per million, 1,000 times; 100 tokens of answer at $10 - $0.60.
  assert.equal(
    onlyMessage(hit),
    'A simple task for gpt-4o: gpt-4o-mini does such tasks for less. Its 9 input tokens would save about $0.021 per 1,000 calls, each 100 tokens of answer about $0.94 more (estimates; try it on your own data).',
  );
  assert.equal(
    await fixed('flagship-for-simple-task', 'python', text, { catalog }),
    text.replace('gpt-4o', 'gpt-4o-mini'),
  );
  const sdk = `import { generateText } from 'ai';\ngenerateText({ model: openai('gpt-4o'), prompt: 'Summarize the following article. ' + article });\n`;
  assert.deepEqual(await places('flagship-for-simple-task', 'typescript', sdk, { catalog }), ['gpt-4o']);
});

test('flagship-for-simple-task: quiet on small models, hard tasks, tools, and prompts of other calls', async () => {
  const none = (model: string, content: string, more = ''): Promise<string[]> =>
    places(
      'flagship-for-simple-task',
      'python',
      python(
        `client.chat.completions.create(model="${model}"${more}, messages=[{"role": "user", "content": "${content}"}])`,
      ),
      { catalog },
    );
  assert.deepEqual(await none('gpt-4o', classify), ['gpt-4o']);
  assert.deepEqual(await none('gpt-4o-mini', classify), []);
  assert.deepEqual(await none('gpt-4o', 'Write a poem about the sea and its many classified ads.'), []);
  assert.deepEqual(await none('gpt-4o', `${classify} Think step by step.`), []);
  assert.deepEqual(await none('gpt-4o', classify, ', tools=tools'), []);
  assert.deepEqual(await none('gpt-4o', `${classify} ${'word '.repeat(600)}`), []);
});
