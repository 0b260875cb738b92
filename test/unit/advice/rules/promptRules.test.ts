import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createAdviser, onlyMessage } from '../../../support/advise.ts';

const { advise, places, fixed, dispose } = createAdviser();
after(dispose);

const words = (count: number): string => 'Always answer politely.\n'.repeat(count / 3).trim();
const python = (prompt: string, model = 'gpt-4o'): string =>
  `from openai import OpenAI\nclient.chat.completions.create(model="${model}", messages=[{"role": "system", "content": ${prompt}}])\n`;

test('prompt-cache-prefix: tokens that cannot be cached, and what that costs', async () => {
  const text = python(`f"""You help people.\nToday's date: {today}\n${words(1500)}"""`);
  const hit = await advise('prompt-cache-prefix', 'python', text);
  assert.deepEqual(
    hit.map(({ span }) => text.slice(span.start, span.end)),
    ['{today}'],
  );
  // 1,505 words: 11 steps of 128 could be cached, none are; $2.50 - $1.25 per million less, 1,000 times.
  assert.equal(
    onlyMessage(hit),
    'What changes here keeps gpt-4o from reusing the prefix: 1,408 tokens behind it cannot be cached. With what stays the same first, they would cost about $1.76 less per 1,000 calls (estimate).',
  );
  assert.equal(
    await fixed('prompt-cache-prefix', 'python', text),
    python(`f"""You help people.\n${words(1500)}\nToday's date: {today}"""`),
  );
});

test('prompt-cache-prefix: templates of scripts', async () => {
  const text = `import { generateText } from 'ai';\ngenerateText({ model: openai('gpt-4o'), system: \`You help \${userName}.\n${words(1500)}\`, prompt });\n`;
  assert.deepEqual(await places('prompt-cache-prefix', 'typescript', text), [`\${userName}`]);
  // In the middle of a sentence it cannot be moved without a thought.
  assert.equal(await fixed('prompt-cache-prefix', 'typescript', text), undefined);
});

test('prompt-cache-prefix: quiet on constants, short prompts, holes at the end, and providers that are told what to keep', async () => {
  const none = (prompt: string, model?: string): Promise<string[]> =>
    places('prompt-cache-prefix', 'python', python(prompt, model));
  assert.deepEqual(await none(`f"""{question}\n${words(1500)}"""`), ['{question}']);
  assert.deepEqual(await none(`f"""{RULES}\n${words(1500)}"""`), []);
  assert.deepEqual(await none(`f"""{question}\n${words(600)}"""`), []);
  assert.deepEqual(await none(`f"""${words(1500)}\n{question}"""`), []);
  assert.deepEqual(await none(`f"""{question}\n${words(3000)}"""`, 'claude-sonnet-4-5'), []);
});

const small = {
  targets: [{ provider: 'openai', model: 'gpt-4o' }],
  maxInputTokens: 30,
  onOverflow: 'error',
  fallback: { on: [], maxAttempts: 1, deadlineMs: 1_000 },
} as const;

test('oversized-context: more than the alias may be given, or the model takes', async () => {
  const text = python(`"""${words(60)}"""`, 'cheap');
  assert.equal(
    onlyMessage(await advise('oversized-context', 'python', text, { aliases: { cheap: small } })),
    'This prompt has 60 tokens before anything is filled in, more than the 30 that tollgate.jsonc allows the alias cheap (maxInputTokens). Shorten it, or raise the limit.',
  );
  assert.deepEqual(
    await advise('oversized-context', 'python', python(`"""${words(27)}"""`, 'cheap'), { aliases: { cheap: small } }),
    [],
  );
  const long = python(`"""${words(9_000)}"""`, 'gpt-4');
  assert.match(
    onlyMessage(await advise('oversized-context', 'python', long)),
    /^This prompt has 9,000 tokens before anything is filled in, more than the 8,192 that gpt-4 takes\./,
  );
  assert.deepEqual(await advise('oversized-context', 'python', python(`"""${words(9_000)}"""`)), []);
});

test('oversized-context: an estimate counts by its lower end', async () => {
  const counter = {
    count: async (texts: readonly string[]) =>
      texts.map(() => ({ basis: 'estimated', tokens: 40, low: 29, high: 50 }) as const),
    peek: () => undefined,
    dispose: async () => undefined,
  };
  const text = python(`"""${words(60)}"""`, 'cheap');
  assert.deepEqual(await advise('oversized-context', 'python', text, { aliases: { cheap: small }, counter }), []);
});
