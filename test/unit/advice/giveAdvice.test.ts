import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { englishText } from '../../../src/advice/advice.ts';
import { ignoreEdit } from '../../../src/advice/ignoreComment.ts';
import { applyEdits } from '../../../src/advice/planAliasEdit.ts';
import { defaultLevels, readLevels, ruleIds } from '../../../src/advice/ruleIds.ts';
import { createAdviser } from '../../support/advise.ts';

const { advise, places, dispose } = createAdviser();
after(dispose);

const key = ['sk', 'Qw7Zr2Tn9Lm4Vb8Kc3Xd6Jf5Hg1Ps0'].join('-');
const call = 'client.chat.completions.create(model="gpt-4o", messages=messages)';

test('advice comes in document order, from all rules that are on', async () => {
  const advice = await advise('all', 'python', `from openai import OpenAI\n${call}\n`);
  assert.deepEqual(
    advice.map(({ rule }) => rule),
    ['missing-max-tokens', 'hardcoded-model'],
  );
});

test('cells of a notebook are one file: its only model, and what it says about clients', async () => {
  const cell = 'import openai\nanswer = client.chat.completions.create(model=MODEL, messages=messages)\n';
  const otherCell = 'import openai\nMODEL = "gpt-4o"\n';
  const [advice] = await advise('missing-max-tokens', 'python', cell, { otherCell });
  assert.match(advice ? englishText(advice.message) : '', /one answer of gpt-4o may be up to 16,384 tokens long/);
  const retried = `@retry(stop=stop_after_attempt(3))\ndef ask():\n    return ${call}\n`;
  const own = `import openai\n${retried}`;
  assert.deepEqual(await places('retry-storm', 'python', own, { otherCell: 'client = OpenAI()' }), ['create']);
  assert.deepEqual(await places('retry-storm', 'python', own, { otherCell: 'client = OpenAI(max_retries=0)' }), []);
});

test('tests and fixtures get no advice', async () => {
  const text = `from openai import OpenAI\n${call}\n`;
  assert.deepEqual(await advise('all', 'python', text, { path: 'tests/test_app.py' }), []);
  assert.deepEqual(await advise('all', 'python', text, { path: 'src/__mocks__/app.py' }), []);
  assert.deepEqual(await advise('all', 'python', text, { path: 'Connector.UnitTests/app.py' }), []);
  assert.notDeepEqual(await advise('all', 'python', text, { path: 'src/latest/app.py' }), []);
  const rust = `use async_openai::Client;\nconst KEY: &str = "${key}";\n`;
  assert.equal((await advise('all', 'rust', rust)).length, 1);
  assert.deepEqual(await advise('all', 'rust', `#[cfg(test)]\nmod tests {\n${rust}}\n`), []);
});

test('a comment takes an advice back: on its line or above, for one rule or for all', async () => {
  const rule = 'missing-max-tokens';
  const shown = (text: string): Promise<string[]> => places(rule, 'python', `from openai import OpenAI\n${text}\n`);
  assert.deepEqual(await shown(call), ['create']);
  assert.deepEqual(await shown(`${call}  # tollgate-ignore missing-max-tokens`), []);
  assert.deepEqual(await shown(`# tollgate-ignore missing-max-tokens\n${call}`), []);
  assert.deepEqual(await shown(`# tollgate-ignore\n${call}`), []);
  assert.deepEqual(await shown(`# tollgate-ignore hardcoded-model, missing-max-tokens\n${call}`), []);
  assert.deepEqual(await shown(`# tollgate-ignore hardcoded-model\n${call}`), ['create']);
  assert.deepEqual(await shown(`x = 1  # tollgate-ignore\n${call}`), ['create']);
});

test('the comment is put above the line, as indented as that', () => {
  const source = (languageId: string, text: string) => ({ languageId, path: 'a', text });
  const written = (languageId: string, text: string, at: string): string | undefined => {
    const start = text.indexOf(at);
    const edit = ignoreEdit(source(languageId, text), { start, end: start + at.length }, 'retry-storm', []);
    return edit && applyEdits(text, [edit]);
  };
  assert.equal(
    written('python', 'def f():\n    ask()\n', 'ask'),
    'def f():\n    # tollgate-ignore retry-storm\n    ask()\n',
  );
  assert.equal(written('go', 'f()\r\nask()\r\n', 'ask'), 'f()\r\n// tollgate-ignore retry-storm\r\nask()\r\n');
  assert.equal(written('python', 'x = \\\n    ask()\n', 'ask'), undefined);
  assert.equal(written('typescriptreact', '<b>\n  <Ask />\n</b>', 'Ask'), undefined);
  assert.equal(written('json', '{}\n', '{'), undefined);
});

test('a setting changes the levels that it names, and no others', () => {
  assert.deepEqual(readLevels({}), defaultLevels);
  assert.deepEqual(readLevels({ 'retry-storm': 'off', 'hardcoded-model': 'loud', other: 'off' }), {
    ...defaultLevels,
    'retry-storm': 'off',
  });
});

test('every rule has a page that says why, shows the code, and how to turn it off', () => {
  for (const rule of ruleIds) {
    const path = join(import.meta.dirname, `../../../docs/advice/${rule}.md`);
    assert.ok(existsSync(path), rule);
    const page = readFileSync(path, 'utf8');
    assert.ok(page.startsWith(`# ${rule}\n`), rule);
    for (const heading of ['## Why', '## When it is shown', '## What to do', '## Turn it off'])
      assert.ok(page.includes(`\n${heading}\n`), `${rule}: ${heading}`);
    assert.ok(page.includes(`tollgate-ignore ${rule}`), rule);
  }
});
