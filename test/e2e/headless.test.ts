import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readAddress } from '../../src/service/address.ts';
import { createControlClient } from '../../src/service/controlClient.ts';
import { type HeadlessService, runProgram, startHeadlessService } from '../support/headlessService.ts';

/** The shipped bundle, as CI runs it. */
const entry = join(import.meta.dirname, '../../dist/cli.js');

describe('node dist/cli.js serve', () => {
  let service: HeadlessService;
  before(async () => {
    service = await startHeadlessService({
      entry,
      config: {
        providers: {
          openai: { dialect: 'openai', baseUrl: 'demo:' },
          anthropic: { dialect: 'anthropic', baseUrl: 'demo:' },
        },
        aliases: { cheap: { targets: ['openai/gpt-4o-mini'] } },
        cache: { exact: { mode: 'on' } },
      },
    });
  });
  after(async () => assert.equal(await service.stop(), 0));

  test('serves both SDKs, aliases and the cache, and writes every call down', async () => {
    const OPENAI_BASE_URL = `${service.url}/t/${service.token}/v1`;
    const [chat, stream] = await runProgram('openaiProgram.mjs', ['chat', 'chatStream', 'responses', 'embeddings'], {
      OPENAI_BASE_URL,
      OPENAI_API_KEY: service.token,
    });
    assert.match(String(chat?.text), /^\[demo\]/);
    assert.equal(stream?.text, chat?.text);
    const [cheap] = await runProgram('openaiProgram.mjs', ['chat'], {
      OPENAI_BASE_URL,
      OPENAI_API_KEY: service.token,
      PROGRAM_MODEL: 'cheap',
    });
    assert.deepEqual(cheap, chat, 'the alias stands for the same model');
    const [messages] = await runProgram('anthropicProgram.mjs', ['messages', 'messagesStream', 'countTokens'], {
      ANTHROPIC_BASE_URL: service.url,
      ANTHROPIC_AUTH_TOKEN: service.token,
    });
    assert.match(String(messages?.text), /^\[demo\]/);

    const address = readAddress(join(service.folder, 'data', 'service.json'));
    assert.ok(address !== undefined);
    const control = createControlClient({ ...address, fetch });
    const { workspaceId } = await control.registerWorkspace({ folder: service.folder, trusted: true });
    const { totals, lastCalls } = await control.spend({ workspaceId, fromMs: 0, toMs: Date.now() + 1, lastCalls: 50 });
    assert.deepEqual(lastCalls.map(({ call }) => call.endpoint).toReversed(), [
      'chat.completions',
      'chat.completions',
      'responses',
      'embeddings',
      'chat.completions',
      'messages',
      'messages',
      'messages.count_tokens',
    ]);
    assert.equal(totals.failedCalls, 0);
    assert.equal(totals.demoAttempts, totals.attempts);
    assert.ok(BigInt(totals.costPicoUsd) > 0n);
  });
});
