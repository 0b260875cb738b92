import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { CommandContext } from '../../../src/cli/command.ts';
import { createRouteCommand } from '../../../src/cli/routeCommand.ts';
import { runCli } from '../../../src/cli/runCli.ts';
import { nodeDisk } from '../../../src/scan/nodeDisk.ts';

const folder = mkdtempSync(join(tmpdir(), 'tollgate-route-'));
after(() => rmSync(folder, { recursive: true }));
const write = (name: string, content: unknown): void =>
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

write('tollgate.jsonc', {
  version: 1,
  aliases: {
    fast: { targets: ['openai/gpt-4o-mini'] },
    smart: { targets: ['openai/gpt-4o', 'anthropic/claude-sonnet-4-5'] },
  },
  tiers: ['fast', 'smart'],
  routes: [
    { name: 'labels', match: { task: 'label' }, use: 'fast' },
    { name: 'tools', match: { tools: true }, use: 'smart' },
    { name: 'long', match: { minInputTokens: 30 }, use: 'smart' },
  ],
  router: { classifier: { mode: 'model', use: 'fast' } },
});
write('easy.txt', 'Translate to French: good morning.');
write('doubtful.txt', 'Explain why the sky is blue.');
write('long.md', 'word '.repeat(40));
write('tools.json', {
  messages: [{ role: 'user', content: 'x' }],
  tools: [{ type: 'function', function: { name: 'f' } }],
});

const words = async (texts: readonly string[]) =>
  texts.map((text) => ({ basis: 'exact' as const, tokens: text.split(/\s+/).filter(Boolean).length }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const context: CommandContext = {
    cwd: folder,
    env: {},
    signal: new AbortController().signal,
    print: async (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
  };
  const createCounter = () => ({ count: words, peek: () => undefined, dispose: async () => undefined });
  const code = await runCli(['route', ...args], [createRouteCommand({ disk: nodeDisk, createCounter })], '1', context);
  return { code, out, err };
}

test('the first route that fits, with what the others want', async () => {
  assert.deepEqual(await run('tools.json'), {
    code: 0,
    out: '  labels -> fast: task does not fit\n> tools -> smart: taken\n  long -> smart: minInputTokens does not fit\nsmart: openai/gpt-4o, anthropic/claude-sonnet-4-5\nx-tollgate-route: tools;tier=smart;reason=match\n',
    err: '',
  });
  assert.match(
    (await run('--task', 'label', 'tools.json')).out,
    /^x-tollgate-route: labels;task=label;tier=fast;reason=match$/m,
  );
  assert.match((await run('long.md')).out, /^x-tollgate-route: long;tier=smart;reason=match$/m);
});

test('what no route fits is judged by its words; where those are in doubt, whoever would be asked is named', async () => {
  const easy = await run('easy.txt');
  assert.match(easy.out, /^> by its words: simple \(score -4: routine task, short\)$/m);
  assert.doesNotMatch(easy.out, /in doubt/);
  assert.match((await run('doubtful.txt')).out, /^\? in doubt: fast would be asked first$/m);
});

test('as JSON, and wrong arguments', async () => {
  const { out } = await run('--json', 'easy.txt');
  assert.equal(JSON.parse(out).alias, 'fast');
  assert.equal(JSON.parse(out).tokens, 5 + 4 + 4);
  assert.equal((await run()).code, 2);
  assert.equal((await run('none.txt')).err, 'tollgate: There is no file "none.txt". Try "tollgate route --help".\n');
});

test('without routes and tiers the call would be refused', async () => {
  const bare = mkdtempSync(join(tmpdir(), 'tollgate-bare-'));
  after(() => rmSync(bare, { recursive: true }));
  writeFileSync(join(bare, 'tollgate.jsonc'), '{ "version": 1 }');
  writeFileSync(join(bare, 'p.txt'), 'hello');
  const { code, out } = await run(join(bare, 'p.txt'));
  assert.deepEqual([code, out], [1, 'The call would be refused: no route fits it.\n']);
});
