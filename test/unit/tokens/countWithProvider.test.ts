import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { type CountQuestion, countingHost, countWithProvider } from '../../../src/tokens/countWithProvider.ts';
import { ExactCountFailed } from '../../../src/tokens/errors.ts';

interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

let server: Server;
let origin = '';
let asked: Asked[] = [];
let failWith: { status: number; body: string } | undefined;

/** A token per word and letter; a message has a frame of 7, as the real endpoints have one. */
function answer(path: string, body: string): object {
  const text = /"(?:content|text|input)":"([^"]*)"/.exec(body)?.[1] ?? '';
  const tokens = text.split(' ').length + 7;
  return path.includes('countTokens') ? { totalTokens: tokens } : { input_tokens: tokens };
}

before(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      asked.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(body) });
      response.writeHead(failWith?.status ?? 200, { 'content-type': 'application/json' });
      response.end(failWith?.body ?? JSON.stringify(answer(request.url ?? '', body)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  origin = `http://127.0.0.1:${address.port}`;
});
after(() => server.close());
beforeEach(() => {
  asked = [];
  failWith = undefined;
});

function ask(more: Partial<CountQuestion>): Promise<number> {
  return countWithProvider({
    provider: 'anthropic',
    model: 'claude-sonnet-5',
    text: 'one two three',
    apiKey: 'key-1',
    fetch,
    origin,
    ...more,
  });
}

async function failure(more: Partial<CountQuestion> = {}): Promise<string> {
  try {
    await ask(more);
  } catch (error) {
    assert.ok(error instanceof ExactCountFailed);
    return error.message;
  }
  return 'counted';
}

test('Anthropic is asked as its guide says, and the frame of a message is taken off', async () => {
  assert.equal(await ask({}), 3);
  assert.deepEqual(
    asked.map(({ path }) => path),
    ['/v1/messages/count_tokens', '/v1/messages/count_tokens'],
  );
  const [first] = asked;
  assert.equal(first?.headers['x-api-key'], 'key-1');
  assert.equal(first?.headers['anthropic-version'], '2023-06-01');
  assert.deepEqual(
    asked.map(({ body }) => body).find((body) => JSON.stringify(body).includes('three')),
    { model: 'claude-sonnet-5', messages: [{ role: 'user', content: 'one two three' }] },
  );
});

test('Google and OpenAI likewise', async () => {
  assert.equal(await ask({ provider: 'google', model: 'gemini-3-pro-preview' }), 3);
  assert.equal(asked[0]?.path, '/v1beta/models/gemini-3-pro-preview:countTokens');
  assert.equal(asked[0]?.headers['x-goog-api-key'], 'key-1');
  asked = [];
  assert.equal(await ask({ provider: 'openai', model: 'gpt-6-sol' }), 3);
  assert.equal(asked[0]?.path, '/v1/responses/input_tokens');
  assert.equal(asked[0]?.headers.authorization, 'Bearer key-1');
});

test('nothing is asked for nothing', async () => {
  assert.equal(await ask({ text: '' }), 0);
  assert.deepEqual(asked, []);
});

test('refusals say what to do, in the words of the provider', async () => {
  const refuse = (status: number) => {
    failWith = { status, body: '{"error":{"type":"x","message":"invalid x-api-key"}}' };
  };
  refuse(401);
  assert.match(
    await failure(),
    /answered 401 \(invalid x-api-key\)\. Set a valid key with "Tollgate: Set Provider Key"\.$/,
  );
  refuse(404);
  assert.match(await failure(), /Check the name of the model/);
  refuse(429);
  assert.match(await failure(), /Try again in a minute/);
  failWith = { status: 502, body: '<html>' };
  assert.match(await failure(), /answered 502\. Try again later/);
  failWith = { status: 200, body: '{"tokens":3}' };
  assert.match(await failure(), /answered something else/);
  failWith = { status: 200, body: 'nonsense' };
  assert.match(await failure(), /answered something else/);
  assert.match(await failure({ origin: 'http://127.0.0.1:1' }), /could not be reached/);
});

test('a redirect is not followed: the key goes nowhere else', async () => {
  const redirecting = (_input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    assert.equal(init?.redirect, 'error');
    return Promise.reject(new TypeError('fetch failed', { cause: new Error('unexpected redirect') }));
  };
  assert.match(await failure({ fetch: redirecting }), /unexpected redirect/);
});

test('the user can be told where a text goes', () => {
  assert.deepEqual((['anthropic', 'google', 'openai'] as const).map(countingHost), [
    'api.anthropic.com',
    'generativelanguage.googleapis.com',
    'api.openai.com',
  ]);
});
