import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { LLMock } from '@copilotkit/aimock';
import { type HeadlessService, runProgram, startHeadlessService } from '../../support/headlessService.ts';

const openaiCalls = ['chat', 'chatStream', 'chatTools', 'responses', 'responsesStream', 'embeddings', 'wrongModel'];
const anthropicCalls = ['messages', 'messagesStream', 'tools'];

describe('programs with the vendors’ SDKs, pointed at the service by their environment alone', () => {
  describe('and the demo provider behind it', () => {
    let service: HeadlessService;
    before(async () => {
      const providers = {
        openai: { dialect: 'openai', baseUrl: 'demo:' },
        anthropic: { dialect: 'anthropic', baseUrl: 'demo:' },
      };
      service = await startHeadlessService({ config: { providers } });
    });
    after(async () => assert.equal(await service.stop(), 0));

    test('openai', async () => {
      const answers = await runProgram('openaiProgram.mjs', [...openaiCalls, 'models'], {
        OPENAI_BASE_URL: `${service.url}/t/${service.token}/v1`,
        OPENAI_API_KEY: 'sk-of-the-program',
      });
      const [chat, chatStream, tools, responses, responsesStream, embeddings, refused, models] = answers;
      assert.match(String(chat?.text), /^\[demo\] You wrote: “hello, how are you\?”/);
      assert.equal(chat?.demo, '1');
      assert.equal(chat?.cost, 'exact');
      assert.deepEqual(chatStream, { name: 'chatStream', text: chat?.text, sawUsage: false });
      assert.deepEqual(tools?.tools, []);
      assert.equal(tools?.sawUsage, true);
      assert.equal(responses?.text, chat?.text);
      assert.equal(responsesStream?.text, chat?.text);
      assert.deepEqual(embeddings?.dimensions, [1536, 1536]);
      assert.deepEqual([refused?.refused, refused?.status], ['BadRequestError', 400]);
      assert.ok(Array.isArray(models?.ids) && models.ids.includes('gpt-4o'));
    });

    test('Anthropic', async () => {
      const answers = await runProgram('anthropicProgram.mjs', [...anthropicCalls, 'countTokens', 'models'], {
        ANTHROPIC_BASE_URL: service.url,
        ANTHROPIC_AUTH_TOKEN: service.token,
      });
      const [messages, stream, tools, counted, models] = answers;
      assert.match(String(messages?.text), /^\[demo\] You wrote: “hello, how are you\?”/);
      assert.equal(messages?.demo, '1');
      assert.equal(stream?.text, messages?.text);
      assert.equal(stream?.stop, 'end_turn');
      assert.deepEqual(tools?.tools, []);
      assert.ok(Number(counted?.input_tokens) > 5);
      assert.ok(Array.isArray(models?.ids) && models.ids.every((id) => String(id).startsWith('claude')));
    });
  });

  describe('and a stand-in for the providers behind it', () => {
    const mock = new LLMock({ port: 0, host: '127.0.0.1' });
    let service: HeadlessService;
    before(async () => {
      mock.onMessage('hello', { content: 'I am well, thank you. Ünïcödé 🚀' });
      mock.onMessage('weather', { toolCalls: [{ name: 'weather', arguments: '{"city":"Paris"}' }] });
      await mock.start();
      service = await startHeadlessService({
        config: {
          providers: {
            openai: { dialect: 'openai', baseUrl: `${mock.url}/v1` },
            anthropic: { dialect: 'anthropic', baseUrl: mock.url },
          },
        },
      });
    });
    after(async () => {
      assert.equal(await service.stop(), 0);
      await mock.stop();
    });

    const directly = (program: string, calls: readonly string[], anthropic: boolean) =>
      runProgram(program, calls, {
        [anthropic ? 'ANTHROPIC_BASE_URL' : 'OPENAI_BASE_URL']: anthropic ? mock.url : `${mock.url}/v1`,
        [anthropic ? 'ANTHROPIC_API_KEY' : 'OPENAI_API_KEY']: 'sk-of-the-program',
      });
    const withoutOurs = (answers: readonly Record<string, unknown>[]) =>
      answers.map(({ cost: _, demo: __, ...answer }) => answer);

    test('openai gets what it gets directly', async () => {
      const through = await runProgram('openaiProgram.mjs', openaiCalls.slice(0, -1), {
        OPENAI_BASE_URL: `${service.url}/t/${service.token}/v1`,
        OPENAI_API_KEY: 'sk-of-the-program',
      });
      assert.deepEqual(
        withoutOurs(through),
        withoutOurs(await directly('openaiProgram.mjs', openaiCalls.slice(0, -1), false)),
      );
      assert.equal(through[0]?.text, 'I am well, thank you. Ünïcödé 🚀');
      assert.deepEqual(through[2]?.tools, [['weather', '{"city":"Paris"}']]);
    });

    test('Anthropic gets what it gets directly', async () => {
      const through = await runProgram('anthropicProgram.mjs', anthropicCalls, {
        ANTHROPIC_BASE_URL: `${service.url}/t/${service.token}`,
        ANTHROPIC_API_KEY: 'sk-of-the-program',
      });
      assert.deepEqual(withoutOurs(through), withoutOurs(await directly('anthropicProgram.mjs', anthropicCalls, true)));
      assert.deepEqual(through[2]?.tools, [['weather', { city: 'Paris' }]]);
    });

    test('keys and prompts are in no log', () => {
      assert.doesNotMatch(service.log(), /sk-of-the|hello|Paris/);
    });
  });

  describe('and a provider that looks at keys behind it', () => {
    const seen: IncomingHttpHeaders[] = [];
    const provider = createServer((request, response) => {
      seen.push(request.headers);
      response.setHeader('content-type', 'application/json');
      request.resume().on('end', () => response.end('{"object":"list","data":[]}'));
    });
    let service: HeadlessService;
    before(async () => {
      provider.listen(0, '127.0.0.1');
      await once(provider, 'listening');
      const address = provider.address();
      const baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1`;
      service = await startHeadlessService({
        config: { providers: { openai: { dialect: 'openai', baseUrl, apiKey: 'env:TEST_OPENAI' } } },
        env: { TEST_OPENAI: 'sk-of-the-service' },
      });
    });
    after(async () => {
      assert.equal(await service.stop(), 0);
      provider.close();
    });

    const keySeen = async (baseUrl: string, apiKey: string, headers = '') => {
      seen.length = 0;
      await runProgram('openaiProgram.mjs', ['embeddings'], {
        OPENAI_BASE_URL: baseUrl,
        OPENAI_API_KEY: apiKey,
        OPENAI_CUSTOM_HEADERS: headers,
      });
      assert.ok(!JSON.stringify(seen).includes(service.token), 'our token goes nowhere');
      return seen.map(({ authorization }) => authorization);
    };

    test('a program’s own key goes on, whichever way the token comes', async () => {
      const own = ['Bearer sk-of-the-program'];
      assert.deepEqual(await keySeen(`${service.url}/t/${service.token}/v1`, 'sk-of-the-program'), own);
      const header = `x-tollgate-token: ${service.token}`;
      assert.deepEqual(await keySeen(`${service.url}/v1`, 'sk-of-the-program', header), own);
    });

    test('the token as the API key is replaced by the service’s own key', async () => {
      const stored = ['Bearer sk-of-the-service'];
      assert.deepEqual(await keySeen(`${service.url}/v1`, service.token), stored);
      assert.deepEqual(await keySeen(`${service.url}/t/${service.token}/v1`, service.token), stored);
    });

    test('keys are in no log and no file', () => {
      const files = readdirSync(service.folder, { recursive: true, encoding: 'utf8' })
        .map((name) => join(service.folder, name))
        .filter((path) => statSync(path).isFile());
      assert.ok(files.some((path) => path.endsWith('tollgate.db')));
      for (const text of [service.log(), ...files.map((path) => readFileSync(path, 'latin1'))])
        assert.doesNotMatch(text, /sk-of-the/);
    });
  });
});
