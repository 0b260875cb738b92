import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createAdviser, onlyMessage } from '../../../support/advise.ts';

const { advise, places, fixed, dispose } = createAdviser();
after(dispose);

const python = (text: string): string => `from openai import OpenAI\nclient = OpenAI()\n${text}\n`;
const script = (text: string): string => `import OpenAI from 'openai';\nconst client = new OpenAI();\n${text}\n`;
const ask = 'client.chat.completions.create(model="gpt-4o", messages=messages)';
const asks = "client.chat.completions.create({ model: 'gpt-4o', messages })";

test('missing-max-tokens: what one answer may cost, and the key', async () => {
  const text = python(ask);
  assert.equal(
    onlyMessage(await advise('missing-max-tokens', 'python', text)),
    'This call sets no limit on the answer: one answer of gpt-4o may be up to 16,384 tokens long and cost $0.16. Set the number of tokens that a good answer needs.',
  );
  assert.equal(
    await fixed('missing-max-tokens', 'python', text),
    text.replace('(model', '(max_completion_tokens=1024, model'),
  );
  const lines = python('client.responses.create(\n    model="gpt-4o",\n    input="Tell me a story.",\n)');
  assert.equal(
    await fixed('missing-max-tokens', 'python', lines),
    lines.replace('    model', '    max_output_tokens=1024,\n    model'),
  );
  const inScript = script(`await ${asks};`);
  assert.equal(
    await fixed('missing-max-tokens', 'typescript', inScript),
    inScript.replace('{ model', '{ max_completion_tokens: 1024, model'),
  );
});

test('missing-max-tokens: quiet where there is a limit, where one may be hidden, and where the API needs one', async () => {
  const none = (languageId: string, text: string): Promise<string[]> => places('missing-max-tokens', languageId, text);
  assert.deepEqual(await none('python', python(ask)), ['create']);
  assert.deepEqual(await none('python', python(ask.replace(')', ', max_tokens=9)'))), []);
  assert.deepEqual(await none('python', python(ask.replace(')', ', **options)'))), []);
  assert.deepEqual(await none('typescript', script(asks.replace('{ ', '{ ...options, '))), []);
  assert.deepEqual(await none('typescript', script('client.chat.completions.create(body);')), []);
  assert.deepEqual(
    await none('python', 'import anthropic\nclient.messages.create(model="claude-sonnet-4-5", messages=m)\n'),
    [],
  );
  const gemini =
    'from google import genai\nclient.models.generate_content(model="gemini-2.5-pro", contents=text, config=CONFIG)\n';
  assert.deepEqual(await none('python', gemini), []);
  assert.deepEqual(await none('python', gemini.replace('CONFIG', '{"max_output_tokens": 5}')), []);
  assert.deepEqual(await none('python', gemini.replace(', config=CONFIG', '')), ['generate_content']);
});

test('missing-max-tokens: an alias with a limit of its own needs none in the call', async () => {
  const cheap = {
    targets: [{ provider: 'openai', model: 'gpt-4o' }],
    onOverflow: 'error',
    fallback: { on: [], maxAttempts: 1, deadlineMs: 1_000 },
  } as const;
  const text = python(ask.replace('gpt-4o', 'cheap'));
  assert.equal((await advise('missing-max-tokens', 'python', text, { aliases: { cheap } })).length, 1);
  const aliases = { cheap: { ...cheap, maxOutputTokens: 200 } };
  assert.deepEqual(await advise('missing-max-tokens', 'python', text, { aliases }), []);
});

test('retry-storm: how many requests one call can become, and the SDK’s repeats off', async () => {
  const decorated = python(`@retry(stop=stop_after_attempt(6))\ndef answer(messages):\n    return ${ask}`);
  assert.equal(
    onlyMessage(await advise('retry-storm', 'python', decorated)),
    'The SDK makes up to 3 attempts itself: with 6 attempts around it, one call becomes up to 18 requests. Set max_retries to 0, or leave the retries to the SDK.',
  );
  assert.equal(
    await fixed('retry-storm', 'python', decorated),
    decorated.replace('client.chat', 'client.with_options(max_retries=0).chat'),
  );
  const wrapped = script(`const answer = await pRetry(() => ${asks}, { retries: 4 });`);
  assert.match(onlyMessage(await advise('retry-storm', 'typescript', wrapped)), /up to 15 requests/);
  const loop = `for (let attempt = 0; attempt < 3; attempt++) {\n  try {\n    return await ${asks};\n  } catch (error) {\n    await sleep(1000);\n  }\n}`;
  assert.match(
    onlyMessage(await advise('retry-storm', 'typescript', script(`async function run() {\n${loop}\n}`))),
    /up to 9 requests/,
  );
  const sdk = `import { generateText } from 'ai';\nawait pRetry(() => generateText({ model, prompt }));\n`;
  assert.match((await fixed('retry-storm', 'typescript', sdk)) ?? '', /generateText\(\{ maxRetries: 0, model, prompt/);
});

test('retry-storm: quiet without an own retry, with the SDK’s turned off, and around clients that do not repeat', async () => {
  const none = (text: string): Promise<string[]> => places('retry-storm', 'python', text);
  const decorated = `@retry(stop=stop_after_attempt(6))\ndef answer(messages):\n    return ${ask}`;
  assert.deepEqual(await none(python(decorated)), ['create']);
  assert.deepEqual(await none(python(`def answer(messages):\n    return ${ask}`)), []);
  assert.deepEqual(await none(`client = OpenAI(max_retries=0)  # openai\n${decorated}\n`), []);
  assert.deepEqual(await none(python(decorated.replace('client.chat.completions', 'openai.ChatCompletion'))), []);
  assert.deepEqual(
    await none(python(`for text in texts:\n    try:\n        x = ${ask}\n    except Exception:\n        continue`)),
    [],
  );
});

test('pii-in-metadata: what identifies a person, in fields that are kept', async () => {
  const hit = python(ask.replace(')', ', user=account.email)'));
  assert.equal(
    onlyMessage(await advise('pii-in-metadata', 'python', hit)),
    'user is stored by the provider, and email identifies a person. Send an id of your own or a keyed hash.',
  );
  const metadata = script(asks.replace('messages }', 'messages, metadata: { phone_number: person.phone } }'));
  assert.deepEqual(await places('pii-in-metadata', 'typescript', metadata), ['{ phone_number: person.phone }']);
  const none = (value: string): Promise<string[]> =>
    places('pii-in-metadata', 'python', python(ask.replace(')', `, user=${value})`)));
  assert.deepEqual(await none('"ann@example.com"'), ['"ann@example.com"']);
  assert.deepEqual(await none('user.id'), []);
  assert.deepEqual(await none('sha256(user.email)'), []);
  assert.deepEqual(await none('"email template 4"'), []);
  assert.deepEqual(await places('pii-in-metadata', 'python', 'from openai import x\nsave(user=account.email)\n'), []);
});
