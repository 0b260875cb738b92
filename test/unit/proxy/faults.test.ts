import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject, parseJson } from '../../../src/wire/json.ts';
import { createStreamReader } from '../../../src/wire/streamReader.ts';
import { listenAsProvider, listenAsProxy } from '../../support/listen.ts';
import { fallbackOnEverything, testConfig } from '../../support/proxyDeps.ts';
import { soakRounds } from '../../support/soak.ts';
import { parsedRequest, wireFixture } from '../../support/wireFixtures.ts';

const calls = soakRounds(200);
const atOnce = 8;

/** A sequence that is the same in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const random = createRandom(20_261_123);
const faults = ['429', '500', '529', 'refuse', 'reset', 'stall', 'cut', 'malformed', 'slow'] as const;

type Fault = (typeof faults)[number] | 'none';

const kinds = [
  { endpoint: 'chat.completions', path: '/v1/chat/completions', json: 'chat.json', sse: 'chat.sse' },
  { endpoint: 'responses', path: '/v1/responses', json: 'responses.json', sse: 'responses.sse' },
  { endpoint: 'messages', path: '/v1/messages', json: 'messages.json', sse: 'messages.sse' },
] as const;

/** Four targets, two with attempts to spare for trying one again, and none to choose from. */
const models = ['four', 'two', 'gpt-test'] as const;

let arrived = 0;

/** Three calls of ten meet a fault of one kind or another. */
async function misbehave(request: IncomingMessage, response: ServerResponse): Promise<void> {
  arrived++;
  const fault: Fault = random(10) < 3 ? (faults[random(faults.length)] ?? 'none') : 'none';
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  const isStream = Buffer.concat(pieces).includes('"stream":true');
  const kind = kinds.find(({ path }) => request.url?.startsWith(path)) ?? kinds[0];
  const body = wireFixture(isStream ? kind.sse : kind.json);
  const status = Number(fault);
  if (status > 0) {
    const error = { type: status === 529 ? 'overloaded_error' : 'api_error', message: `fault ${status}` };
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '1' });
    response.end(JSON.stringify(kind.endpoint === 'messages' ? { type: 'error', error } : { error }));
    return;
  }
  if (fault === 'refuse') return void request.socket.destroy();
  if (fault === 'stall') return;
  response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
  if (fault === 'malformed' && !isStream) return void response.end('{"model": "x", <html>');
  await send(response, body, fault);
}

async function send(response: ServerResponse, body: Buffer, fault: Fault): Promise<void> {
  if (fault === 'slow') {
    for (let at = 0; at < body.length; at += 400) {
      response.write(body.subarray(at, at + 400));
      await sleep(1);
    }
    response.end();
  } else if (fault === 'reset' || fault === 'cut') {
    response.write(body.subarray(0, random(body.length)));
    await sleep(2);
    if (fault === 'reset') response.destroy();
    else response.end();
  } else response.end(body);
}

type Ending = 'right' | 'error' | 'left';

/** What a client makes of an answer; fails the test where it is neither right nor an error of its dialect. */
async function callOnce(baseUrl: string): Promise<Ending> {
  const kind = kinds[random(kinds.length)] ?? kinds[0];
  const stream = random(2) === 0;
  const leavesAfter = random(20) === 0 ? random(1500) : undefined;
  const options = stream && kind.endpoint === 'chat.completions' ? { stream_options: { include_usage: true } } : {};
  const response = await fetch(baseUrl + kind.path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer own' },
    body: JSON.stringify({ model: models[random(models.length)], stream, ...options }),
  });
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    pieces.push(piece);
    size += piece.byteLength;
    if (leavesAfter !== undefined && size > leavesAfter) return 'left';
  }
  const body = Buffer.concat(pieces);
  if (response.status !== 200) return judgeError(body, kind.endpoint === 'messages');
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    assert.equal(saysWhatItShould(response, kind.endpoint, body, kind.json), true, body.toString());
    return 'right';
  }
  const reader = createStreamReader(parsedRequest(kind.endpoint, { stream: true }));
  reader.push(body);
  assert.notEqual(reader.events.ended, reader.events.error !== undefined);
  if (reader.events.ended) assert.equal(saysWhatItShould(response, kind.endpoint, body, kind.sse), true);
  return reader.events.ended ? 'right' : 'error';
}

/** To the byte what the stand-in sent; where another dialect was asked, its answer in the client's. */
function saysWhatItShould(response: Response, endpoint: string, body: Buffer, name: string): boolean {
  const from = response.headers.get('x-tollgate-translated')?.split(';')[0];
  if (from === undefined) return body.subarray(0, 400).equals(wireFixture(name).subarray(0, 400));
  assert.notEqual(from, endpoint);
  const texts = from === 'messages' ? ['Okay, ', '日本 🍣'] : ['Grüße aus ', '東京 🗼!'];
  return texts.every((text) => body.includes(text));
}

function judgeError(body: Buffer, isAnthropic: boolean): Ending {
  const value = parseJson(body.toString());
  assert.ok(isJsonObject(value) && isJsonObject(value.error), body.toString());
  assert.equal(typeof value.error.message, 'string');
  if (isAnthropic) assert.equal(value.type, 'error');
  return 'error';
}

/** Sockets, servers and timers of the process that are still there; undici's own clock stands once nothing is due. */
const leftOpen = (): string[] => process.getActiveResourcesInfo().filter((name) => /TCP|Timeout/.test(name));

async function nothingLeft(): Promise<void> {
  for (let waited = 0; waited < 200 && leftOpen().length > 0; waited++) await sleep(25);
  // The pause itself was the last timer.
  assert.deepEqual(leftOpen(), []);
}

test(`${calls} calls of every kind through faults: right or an error of the dialect, and every request is a row`, async (context) => {
  const provider = await listenAsProvider((request, response) => void misbehave(request, response));
  const target = (name: string, model: string) => ({ provider: name, model });
  const proxy = await listenAsProxy(
    testConfig({
      providers: {
        openai: { dialect: 'openai', baseUrl: `${provider.url}/v1` },
        anthropic: { dialect: 'anthropic', baseUrl: provider.url },
      },
      aliases: {
        two: {
          targets: [target('openai', 'a'), target('anthropic', 'b')],
          onOverflow: 'error',
          fallback: fallbackOnEverything,
        },
        four: {
          targets: [target('openai', 'a'), target('anthropic', 'b'), target('openai', 'c'), target('anthropic', 'd')],
          onOverflow: 'error',
          fallback: fallbackOnEverything,
        },
      },
    }),
    { timeouts: { firstByteMs: 150, idleMs: 150 } },
  );
  const endings = { right: 0, error: 0, left: 0 };
  let left = calls;
  const worker = async (): Promise<void> => {
    while (left-- > 0) endings[await callOnce(proxy.baseUrl)]++;
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
  } finally {
    await proxy.close();
    await provider.close();
  }
  await nothingLeft();
  context.diagnostic(`${JSON.stringify(endings)}, ${arrived} requests arrived`);
  assert.equal(endings.right + endings.error + endings.left, calls);
  assert.ok(endings.right > calls / 2 && endings.error > 0);
  assert.equal(proxy.recorded.length, calls);
  const attempts = proxy.recorded.flatMap((row) => row.attempts);
  // A request that was given up before the stand-in had read it is a row as well: it may have been billed.
  const unanswered = attempts.filter(({ status }) => status === 0).length;
  assert.ok(arrived <= attempts.length && arrived >= attempts.length - unanswered, `${arrived} of ${attempts.length}`);
  assert.deepEqual(
    proxy.logged.filter((line) => line.includes('failed')),
    [],
  );
});
