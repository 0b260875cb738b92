import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from '../../../src/config/config.ts';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import type { ProxyResponse } from '../../../src/proxy/exchange.ts';
import {
  fallbackOnEverything,
  header,
  jsonReply,
  proxyDouble,
  proxyRequest,
  testConfig,
  textOf,
} from '../../support/proxyDeps.ts';

const good = { model: 'm', choices: [], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } };

function config(...models: string[]): Config {
  const targets = models.map((model) => ({ provider: 'openai', model }));
  return testConfig({ aliases: { a: { targets, onOverflow: 'error', fallback: fallbackOnEverything } } });
}

/** A proxy whose upstream answers by model, and whose clock stands where it is put. */
function setUp(models: readonly string[], answers: Record<string, () => ProxyResponse>) {
  const asked: string[] = [];
  let now = 1_000_000;
  const { deps } = proxyDouble(
    async (request) => {
      const { model } = JSON.parse(Buffer.from(request.body as Uint8Array).toString());
      asked.push(model);
      return answers[model]?.() ?? jsonReply(good);
    },
    {
      configOf: () => config(...models),
      clock: { now: () => now, monotonicMs: () => now, wait: async () => undefined },
    },
  );
  const proxy = createProxy(deps);
  return {
    wait: (ms: number) => {
      now += ms;
    },
    async ask(key = 'sk-1') {
      const from = asked.length;
      const headers = [['authorization', `Bearer ${key}`]] as const;
      const response = await proxy.handle(proxyRequest('/v1/chat/completions', { model: 'a' }, { headers }));
      await textOf(response);
      return { status: response.status, asked: asked.slice(from), fallback: header(response, 'x-tollgate-fallback') };
    },
  };
}

const overloaded = (seconds: string) => (): ProxyResponse => jsonReply({}, 429, [['retry-after', seconds]]);

test('a target that asked to be left alone is asked last until then, and its place is told', async () => {
  let isBusy = true;
  const run = setUp(['one', 'two'], { one: () => (isBusy ? overloaded('20')() : jsonReply(good)) });
  assert.deepEqual(await run.ask(), { status: 200, asked: ['one', 'two'], fallback: 'from=openai/one;class=overload' });
  assert.deepEqual(await run.ask(), { status: 200, asked: ['two'], fallback: 'from=openai/one;class=cooling' });
  run.wait(19_999);
  assert.deepEqual((await run.ask()).asked, ['two']);
  run.wait(1);
  isBusy = false;
  assert.deepEqual(await run.ask(), { status: 200, asked: ['one'], fallback: undefined });
});

test('limits are per key: another key’s calls are not turned away', async () => {
  const run = setUp(['one', 'two'], { one: overloaded('20') });
  await run.ask('sk-1');
  assert.deepEqual((await run.ask('sk-1')).asked, ['two']);
  assert.deepEqual((await run.ask('sk-2')).asked, ['one', 'two']);
});

test('where all cool down they are asked all the same, and a target without an alternative always is', async () => {
  const run = setUp(['one', 'two'], { one: overloaded('20'), two: overloaded('30') });
  assert.deepEqual((await run.ask()).asked, ['one', 'two']);
  assert.deepEqual(await run.ask(), { status: 429, asked: ['one', 'two'], fallback: undefined });
  const single = setUp(['one'], { one: overloaded('20') });
  for (let times = 0; times < 5; times++) assert.deepEqual((await single.ask()).asked, ['one']);
});

test('while one call probes, the others ask elsewhere', async () => {
  let release: (response: ProxyResponse) => void = () => undefined;
  let first = true;
  const asked: string[] = [];
  let now = 1_000_000;
  const { deps } = proxyDouble(
    (request) => {
      const { model } = JSON.parse(Buffer.from(request.body as Uint8Array).toString());
      asked.push(model);
      if (model === 'two') return Promise.resolve(jsonReply(good));
      if (first) {
        first = false;
        return Promise.resolve(overloaded('3')());
      }
      if (asked.length > 4) return Promise.resolve(jsonReply(good));
      return new Promise((resolve) => {
        release = resolve;
      });
    },
    {
      configOf: () => config('one', 'two'),
      clock: { now: () => now, monotonicMs: () => now, wait: async () => undefined },
    },
  );
  const proxy = createProxy(deps);
  const ask = () => proxy.handle(proxyRequest('/v1/chat/completions', { model: 'a' }));
  await ask();
  now += 3000;
  const probe = ask();
  await ask();
  assert.deepEqual(asked, ['one', 'two', 'one', 'two']);
  release(jsonReply(good));
  assert.equal((await probe).status, 200);
  await ask();
  assert.deepEqual(asked.slice(4), ['one']);
});
