// The command line as it ships: what it loads from bundles beside it is there, and holds what is asked of it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';

const cli = resolve(import.meta.dirname, '../../dist/cli.js');
const source = `client.chat.completions.create(
    model="gpt-4o",
    messages=[{"role": "user", "content": "Name three rivers of Europe that end in a sea."}],
)
`;

describe('the command line that is built', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-built-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const printed = (args: readonly string[], input = ''): unknown[] => {
    const env = { ...process.env, TOLLGATE_HOME: join(folder, 'home') };
    const run = spawnSync(process.execPath, [cli, ...args], { env, input, encoding: 'utf8', timeout: 120_000 });
    assert.equal(run.status, 0, run.stderr);
    return run.stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
  };

  test('scan finds a model and a prompt, with tokens and price', () => {
    writeFileSync(join(folder, 'ask.py'), source);
    const [file] = printed(['scan', '--json', join(folder, 'ask.py')]);
    assert.partialDeepStrictEqual(file, {
      findings: [
        { kind: 'model', text: 'gpt-4o', usdPerMTok: { input: 2.5, output: 10 } },
        { kind: 'prompt', text: 'Name three rivers of Europe that end in a sea.', model: 'openai/gpt-4o', tokens: 11 },
      ],
    });
  });

  test('mcp says which tools it has', () => {
    const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
    const messages = [
      { id: 1, method: 'initialize', params: hello },
      { method: 'notifications/initialized' },
      { id: 2, method: 'tools/list' },
    ];
    const input = messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join('');
    const answers = printed(['mcp'], input);
    assert.partialDeepStrictEqual(answers[1], { id: 2, result: { tools: [{ name: 'spend' }] } });
  });
});
