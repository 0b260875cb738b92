import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command, CommandContext } from '../../../src/cli/command.ts';
import { parseArguments } from '../../../src/cli/parseArguments.ts';
import { runCli } from '../../../src/cli/runCli.ts';

function recordingContext(): CommandContext & { out: string; err: string } {
  const context = {
    out: '',
    err: '',
    cwd: '/',
    env: {},
    signal: new AbortController().signal,
    print: async (text: string) => {
      context.out += text;
    },
    complain: (text: string) => {
      context.err += text;
    },
  };
  return context;
}

const echo: Command = {
  name: 'echo',
  summary: 'says its arguments',
  help: 'Usage: tollgate echo [--loud] WORD…\n',
  run: async (args, { print }) => {
    const { values, positionals } = parseArguments('echo', args, { loud: { type: 'boolean' } });
    await print(values.loud ? positionals.join(' ').toUpperCase() : positionals.join(' '));
    return 7;
  },
};

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const context = recordingContext();
  const code = await runCli(argv, [echo], '1.2.3', context);
  return { code, out: context.out, err: context.err };
}

test('a command gets its arguments, and its exit code is the exit code', async () => {
  assert.deepEqual(await run('echo', '--loud', 'a', 'b'), { code: 7, out: 'A B', err: '' });
});

test('an unknown option is a usage error that names the option', async () => {
  const { code, out, err } = await run('echo', '--quiet');
  assert.deepEqual([code, out], [2, '']);
  assert.equal(err, `tollgate: Unknown option '--quiet'. Try "tollgate echo --help".\n`);
});

test('an unknown command lists the known ones', async () => {
  const { code, err } = await run('eco');
  assert.equal(code, 2);
  assert.equal(err, 'tollgate: There is no command "eco". Commands: echo. Try "tollgate --help".\n');
});

test('help and version', async () => {
  assert.deepEqual(await run('echo', '--help'), { code: 0, out: echo.help, err: '' });
  assert.deepEqual(await run('--version'), { code: 0, out: '1.2.3\n', err: '' });
  assert.match((await run('--help')).out, /^ {2}echo {2}says its arguments$/m);
  assert.equal((await run()).code, 2);
});
