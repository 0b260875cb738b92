import * as assert from 'node:assert/strict';
import { commands, extensions, workspace } from 'vscode';
import { closeAll, eventually, extensionId, workspaceUri, write } from './support/editor.ts';
import { type Environment, environmentOfDebugSession, environmentOfTask } from './support/programs.ts';
import { runningService } from './support/service.ts';

const openai = /^http:\/\/127\.0\.0\.1:\d+\/t\/[^/]+\/v1$/;
const anthropic = /^http:\/\/127\.0\.0\.1:\d+\/t\/[^/]+$/;
const demo = JSON.stringify({
  version: 1,
  providers: {
    openai: { dialect: 'openai', baseUrl: 'demo:' },
    anthropic: { dialect: 'anthropic', baseUrl: 'demo:' },
  },
});

async function remove(path: string): Promise<void> {
  await workspace.fs.delete(workspaceUri(path)).then(undefined, () => undefined);
}

/** What a task is given, once it holds our token in place of a key, or no longer does. */
function environmentWithKey(wanted: boolean): Promise<Environment> {
  return eventually('change of the configuration', async () => {
    const env = await environmentOfTask();
    return 'OPENAI_API_KEY' in env === wanted ? env : undefined;
  });
}

suite('metering', () => {
  suiteSetup(async () => {
    await extensions.getExtension(extensionId)?.activate();
    await runningService();
    // The command needs the window's own line to the service, which comes a moment after the service.
    await eventually('metered task', async () => {
      await commands.executeCommand('tollgate.meterWorkspace');
      return 'TOLLGATE' in (await environmentOfTask()) ? true : undefined;
    });
  });
  suiteTeardown(async () => {
    await commands.executeCommand('tollgate.stopMetering');
    await remove('.env');
    await remove('tollgate.jsonc');
    await closeAll();
  });

  test('tasks and terminals get our addresses and a session, and no key', async () => {
    const env = await environmentOfTask();
    assert.match(env.OPENAI_BASE_URL ?? '', openai);
    assert.match(env.ANTHROPIC_BASE_URL ?? '', anthropic);
    assert.equal(env.TOLLGATE, '1');
    assert.match(env.OPENAI_CUSTOM_HEADERS ?? '', /^\nx-tollgate-session: [0-9a-f-]+$/);
    assert.equal(env.ANTHROPIC_CUSTOM_HEADERS, env.OPENAI_CUSTOM_HEADERS);
    assert.equal('OPENAI_API_KEY' in env || 'ANTHROPIC_AUTH_TOKEN' in env, false);
  });

  test('a debug session is a session of its own, and what it sets stays', async () => {
    const env = await environmentOfDebugSession({ env: { OPENAI_CUSTOM_HEADERS: 'x-team: a' } });
    assert.match(env.OPENAI_BASE_URL ?? '', openai);
    assert.match(env.OPENAI_CUSTOM_HEADERS ?? '', /^x-team: a\nx-tollgate-session: debug-[0-9a-f]{8}/);
  });

  test('a debug session that has its own address keeps it', async () => {
    const env = await environmentOfDebugSession({ env: { OPENAI_BASE_URL: 'https://llm.example.com/v1' } });
    assert.equal(env.OPENAI_BASE_URL, 'https://llm.example.com/v1');
    assert.match(env.ANTHROPIC_BASE_URL ?? '', anthropic);
  });

  test('an address in a .env file is not replaced, and the other provider is metered', async () => {
    await write('.env', 'OPENAI_BASE_URL=https://llm.example.com/v1\n');
    await commands.executeCommand('tollgate.meterWorkspace');
    const env = await environmentOfTask();
    assert.equal('OPENAI_BASE_URL' in env || 'OPENAI_CUSTOM_HEADERS' in env, false);
    assert.match(env.ANTHROPIC_BASE_URL ?? '', anthropic);
    await remove('.env');
    await commands.executeCommand('tollgate.meterWorkspace');
    assert.match((await environmentOfTask()).OPENAI_BASE_URL ?? '', openai);
  });

  test('with the demo provider the token stands in for the missing key', async () => {
    await write('tollgate.jsonc', demo);
    const env = await environmentWithKey(true);
    const token = /\/t\/([^/]+)\/v1$/.exec(env.OPENAI_BASE_URL ?? '')?.[1];
    assert.equal(env.OPENAI_API_KEY, token);
    assert.equal(env.ANTHROPIC_AUTH_TOKEN, token);
    await remove('tollgate.jsonc');
    await environmentWithKey(false);
  });

  test('switched off, programs are left alone again', async () => {
    await commands.executeCommand('tollgate.stopMetering');
    assert.deepEqual(await environmentOfTask(), {});
    assert.deepEqual(await environmentOfDebugSession(), {});
    await commands.executeCommand('tollgate.meterWorkspace');
    assert.match((await environmentOfTask()).OPENAI_BASE_URL ?? '', openai);
  });
});
