import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createAdviser, onlyMessage } from '../../../support/advise.ts';

const { advise, places, fixed, dispose } = createAdviser();
after(dispose);

// Put together here, so that no key stands in this file either.
const key = ['sk', 'proj', 'Qw7Zr2Tn9Lm4Vb8Kc3Xd6Jf5Hg1Ps0'].join('-');
const rule = 'secret-in-source';

test('the message names the issuer and never the key', async () => {
  const advice = await advise(rule, 'python', `client = OpenAI(api_key="${key}")\n`);
  assert.equal(
    onlyMessage(advice),
    'This looks like a key of OpenAI. Whoever can read the file can spend with it: revoke it, and read a new one from the environment.',
  );
  assert.ok(!JSON.stringify(advice.map(({ message, fixes }) => ({ message, fixes }))).includes(key.slice(3)));
});

test('a literal becomes a look-up in the environment, in the language’s own way', async () => {
  assert.equal(
    await fixed(rule, 'python', `from openai import OpenAI\n\nclient = OpenAI(api_key="${key}")\n`),
    'from openai import OpenAI\nimport os\n\nclient = OpenAI(api_key=os.environ["OPENAI_API_KEY"])\n',
  );
  assert.equal(
    await fixed(rule, 'python', `import os\nkey = '${key}'\n`),
    'import os\nkey = os.environ["OPENAI_API_KEY"]\n',
  );
  assert.equal(
    await fixed(rule, 'typescript', `const apiKey = '${key}';\n`),
    'const apiKey = process.env.OPENAI_API_KEY;\n',
  );
  assert.equal(await fixed(rule, 'ruby', `key = "${key}"\n`), 'key = ENV.fetch("OPENAI_API_KEY")\n');
  assert.equal(await fixed(rule, 'java', `var key = "${key}";\n`), 'var key = System.getenv("OPENAI_API_KEY");\n');
  assert.equal(
    await fixed(rule, 'go', `import "os"\nvar key = "${key}"\n`),
    'import "os"\nvar key = os.Getenv("OPENAI_API_KEY")\n',
  );
});

test('where a look-up would not be the same, only the advice is given', async () => {
  const places3 = [
    ['go', `key := "${key}"\n`],
    ['python', `key = f"Bearer ${key}"\n`],
    ['json', `{ "apiKey": "${key}" }\n`],
    ['python', `# ${key}\n`],
  ] as const;
  for (const [languageId, text] of places3) {
    assert.deepEqual(await places(rule, languageId, text), [key], text);
    assert.equal(await fixed(rule, languageId, text), undefined, text);
  }
});

test('quiet on placeholders, on files for keys, and in tests', async () => {
  for (const made of [
    'sk-your-api-key-goes-here-please',
    'sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'sk-test-Qw7Zr2Tn9Lm4Vb8Kc3Xd6Jf5',
    'sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaa11',
  ])
    assert.deepEqual(await places(rule, 'python', `key = "${made}"\n`), [], made);
  assert.deepEqual(await places(rule, 'dotenv', `OPENAI_API_KEY=${key}\n`), []);
  assert.deepEqual(await places(rule, 'python', `key = "${key}"\n`, { path: 'tests/test_client.py' }), []);
});
