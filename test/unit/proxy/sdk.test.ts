import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { LLMock } from '@copilotkit/aimock';
import { type ListeningProxy, type ListeningServer, listenAsProvider, listenAsProxy } from '../../support/listen.ts';
import { testConfig } from '../../support/proxyDeps.ts';
import { wireFixture } from '../../support/wireFixtures.ts';

interface Line {
  readonly name: string;
  readonly value?: unknown;
  readonly error?: string;
  readonly status?: number;
  readonly message?: string;
}

/** Runs the program as a child process and collects what it prints. */
async function run(vendor: 'openai' | 'anthropic', baseUrl: string): Promise<Map<string, Line>> {
  const program = resolve(import.meta.dirname, '../../support/sdkProgram.ts');
  const { PATH = '' } = process.env;
  const env = {
    PATH,
    OPENAI_BASE_URL: `${baseUrl}/v1`,
    OPENAI_API_KEY: 'sk-own',
    ANTHROPIC_BASE_URL: baseUrl,
    ANTHROPIC_API_KEY: 'sk-ant-own',
  };
  const child = spawn(process.execPath, ['--no-warnings', program, vendor], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (piece) => (text += piece));
  const code = await new Promise((settle) => child.on('close', settle));
  assert.equal(code, 0);
  const lines = text
    .trim()
    .split('\n')
    .map((line): Line => JSON.parse(line));
  return new Map(lines.map((line) => [line.name, line]));
}

/** Failures that no stand-in can play: the provider's own error, a stream that ends too early, one that never ends. */
const failures: RequestListener = (request, response) => void answer(request, response);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  const body = Buffer.concat(pieces).toString();
  const isAnthropic = request.url?.endsWith('/messages') === true;
  if (body.includes('"fail"')) {
    response.writeHead(400, { 'content-type': 'application/json', 'request-id': 'req_1', 'x-request-id': 'req_1' });
    const error = {
      type: 'invalid_request_error',
      message: 'temperature: too hot',
      code: 'bad_value',
      param: 'temperature',
    };
    response.end(JSON.stringify(isAnthropic ? { type: 'error', error } : { error }));
    return;
  }
  const stream = wireFixture(isAnthropic ? 'messages.sse' : 'chat.sse');
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const half = stream.subarray(0, stream.indexOf('\n\n', Math.floor(stream.length / 2)) + 2);
  if (body.includes('"cut"')) response.end(half);
  else response.write(half);
}

const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
const mock = new LLMock({ port: 0, chunkSize: 5 });
let scripted: ListeningServer;
let router: ListeningServer;
let proxy: ListeningProxy;

before(async () => {
  const fixed = { id: 'fixed-1', created: 1, usage };
  mock.onMessage('hello', { content: 'Grüße 東京 🗼, and more words.', ...fixed });
  mock.onMessage('weather', {
    toolCalls: [{ id: 'call_1', name: 'get_weather', arguments: '{"city":"Zürich"}' }],
    ...fixed,
  });
  mock.onEmbedding('hello', { embedding: [0.25, -0.5, 1] });
  await mock.start();
  scripted = await listenAsProvider(failures);
  router = await listenAsProvider(route);
  proxy = await listenAsProxy(
    testConfig({
      providers: {
        openai: { dialect: 'openai', baseUrl: `${router.url}/v1` },
        anthropic: { dialect: 'anthropic', baseUrl: router.url },
      },
    }),
  );
});

after(async () => {
  await proxy.close();
  await router.close();
  await scripted.close();
  await mock.stop();
});

/** What the mock cannot play goes to the script. */
const route: RequestListener = (request, response) => void forward(request, response);

async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  const body = Buffer.concat(pieces);
  const base = /"(?:fail|cut|slow)"/.test(body.toString()) ? scripted.url : mock.url.replace(/\/$/, '');
  const left = new AbortController();
  response.on('close', () => left.abort());
  try {
    const answered = await fetch(base + (request.url ?? ''), {
      method: request.method ?? 'POST',
      headers: { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' },
      body,
      signal: left.signal,
    });
    response.writeHead(answered.status, { 'content-type': answered.headers.get('content-type') ?? '' });
    for await (const piece of answered.body ?? []) response.write(piece);
    response.end();
  } catch (error) {
    if (!left.signal.aborted) throw error;
  }
}

/** Ids and times that the mock makes up anew each time. */
function normal(line: Line | undefined): unknown {
  return JSON.parse(
    JSON.stringify(line, (key, value: unknown) =>
      ['id', 'item_id', 'created', 'created_at', 'completed_at', 'system_fingerprint', 'obfuscation'].includes(key)
        ? '…'
        : value,
    ),
  );
}

for (const vendor of ['openai', 'anthropic'] as const)
  test(`the ${vendor} SDK cannot tell the proxy from the provider`, async () => {
    const direct = await run(vendor, router.url);
    const earlier = proxy.recorded.length;
    const proxied = await run(vendor, proxy.baseUrl);
    await proxy.settled();

    for (const [name, line] of direct) {
      if (name === 'cut') continue;
      assert.deepEqual(normal(proxied.get(name)), normal(line), name);
    }
    const rows = proxy.recorded.slice(earlier);
    assert.equal(rows.length, direct.size);
    assert.deepEqual(
      rows.filter(({ attempts }) => attempts.length !== 1),
      [],
    );
    assert.equal(rows.filter(({ call }) => call.status === 400).length, 1);
    assert.equal(rows.filter(({ call }) => call.status === 499).length, 1);

    // Read directly, a torn stream is an answer that is only shorter; through the proxy it is an error.
    assert.notEqual(direct.get('cut')?.value, undefined);
    assert.equal(proxied.get('cut')?.error, 'APIError');
    assert.match(proxied.get('cut')?.message ?? '', /ended before the answer was complete/);
    assert.deepEqual(
      proxy.logged.filter((line) => line.includes('failed')),
      [],
    );
  });

test('usage is measured whether the program streams or not, and asks for it or not', async () => {
  const chats = proxy.recorded.filter(({ call }) => call.endpoint === 'chat.completions' && call.status === 200);
  const complete = chats.filter(({ attempts }) => attempts[0]?.errorClass === undefined);
  assert.equal(complete.length, 6);
  for (const { attempts } of complete) {
    assert.deepEqual(attempts[0]?.usage, { input: 11, output: 7 });
    assert.equal(attempts[0]?.costPicoUsd, 81_000_000);
  }
});
