import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AliasConfig, RouteConfig } from '../../../src/config/config.ts';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import type { ProxyDeps } from '../../../src/proxy/deps.ts';
import type { HeaderPairs, ProxyResponse } from '../../../src/proxy/exchange.ts';
import { createRouteQuality } from '../../../src/routing/createRouteQuality.ts';
import {
  fallbackOnEverything,
  header,
  jsonReply,
  proxyDouble,
  proxyRequest,
  scriptedUpstream,
  sseReply,
  testConfig,
  textOf,
} from '../../support/proxyDeps.ts';

const alias = (model: string): AliasConfig => ({
  targets: [{ provider: 'openai', model }],
  onOverflow: 'error',
  fallback: fallbackOnEverything,
});
const route: RouteConfig = {
  name: 'extract',
  match: { task: 'extract' },
  use: 'fast',
  escalate: { to: 'smart', on: ['schemaInvalid', 'truncated', 'refused', 'empty', 'toolArgumentsInvalid'] },
};
const config = testConfig({
  aliases: { fast: alias('gpt-test'), smart: alias('gpt-dear') },
  tiers: ['fast', 'smart'],
  routes: [route],
});
const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'], additionalProperties: false };
const format = { type: 'json_schema', json_schema: { name: 'x', strict: true, schema } };

const says = (content: string, more: object = {}, finish = 'stop'): ProxyResponse =>
  jsonReply({
    id: 'c',
    model: 'gpt-test',
    choices: [{ index: 0, message: { role: 'assistant', content, ...more }, finish_reason: finish }],
    usage: { prompt_tokens: 10, completion_tokens: 2 },
  });
const streams = (content: string): ProxyResponse =>
  sseReply([
    `data: ${JSON.stringify({ id: 'c', model: 'gpt-test', choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }] })}\n\n`,
    `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`,
    `data: ${JSON.stringify({ id: 'c', choices: [], usage: { prompt_tokens: 10, completion_tokens: 2 } })}\n\n`,
    'data: [DONE]\n\n',
  ]);

function open(answers: ProxyResponse[], changes: Partial<ProxyDeps> = {}) {
  const upstream = scriptedUpstream(...answers);
  const quality = createRouteQuality({
    now: () => 1_000_000,
    memory: { load: () => [], save: () => undefined },
    onMove: () => undefined,
    onChange: () => undefined,
  });
  const double = proxyDouble(upstream.send, { configOf: () => config, quality, ...changes });
  const proxy = createProxy(double.deps);
  const ask = async (more: object = {}, headers: HeaderPairs = []) => {
    const body = { model: 'auto', messages: [{ role: 'user', content: 'Give n.' }], response_format: format, ...more };
    const response = await proxy.handle(
      proxyRequest('/v1/chat/completions', body, {
        headers: [['authorization', 'Bearer sk-client'], ['x-tollgate-task', 'extract'], ...headers],
      }),
    );
    const text = await textOf(response);
    await proxy.settled();
    return { response, text, route: header(response, 'x-tollgate-route') };
  };
  const tiers = () =>
    quality
      .report('w1', config)
      .tiers.map(({ alias: name, calls, failed, faults }) => ({ name, calls, failed, faults }));
  return { ask, tiers, asked: upstream.asked, recorded: double.recorded };
}

test('an answer that is not what its schema asks for is asked of the better tier; both attempts are rows', async () => {
  const { ask, tiers, asked, recorded } = open([says('{"n":"one"}'), says('{"n":1}')]);
  const { text, route: why, response } = await ask();
  assert.match(text, /\{\\"n\\":1\}/);
  assert.equal(why, 'extract;task=extract;tier=smart;reason=escalated;from=fast;because=schemaInvalid');
  assert.equal(header(response, 'x-tollgate-attempts'), '2');
  assert.deepEqual(
    asked.map(({ body }) => JSON.parse(String(body)).model),
    ['gpt-test', 'gpt-dear'],
  );
  const attempts = recorded[0]?.attempts ?? [];
  assert.deepEqual(
    attempts.map(({ index, errorClass, costPicoUsd }) => [index, errorClass, costPicoUsd]),
    [
      [0, 'schemaInvalid', 30_000_000],
      [1, undefined, 30_000_000],
    ],
  );
  assert.deepEqual(tiers(), [
    { name: 'fast', calls: 1, failed: 1, faults: { schemaInvalid: 1, escalated: 1 } },
    { name: 'smart', calls: 1, failed: 0, faults: {} },
  ]);
});

test('each check of an answer', async () => {
  const tools = [{ type: 'function', function: { name: 'f', parameters: schema } }];
  const call = (given: string) => ({
    tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: given } }],
  });
  const cases: readonly (readonly [string, ProxyResponse, object])[] = [
    ['schemaInvalid', says('Sure! {"n":1}'), {}],
    ['schemaInvalid', says('not json'), { response_format: { type: 'json_object' } }],
    ['truncated', says('{"n":', {}, 'length'), {}],
    ['refused', says('', { refusal: 'No.' }), {}],
    ['empty', says(' \n'), { response_format: undefined }],
    ['toolArgumentsInvalid', says('', call('{"n":'), 'tool_calls'), { tools }],
    ['toolArgumentsInvalid', says('', call('{"m":1}'), 'tool_calls'), { tools }],
  ];
  for (const [fault, answer, more] of cases) {
    const { ask } = open([answer, says('{"n":1}')]);
    assert.match((await ask(more)).route ?? '', new RegExp(`reason=escalated;from=fast;because=${fault}$`), fault);
  }
});

test('a good answer stays, and so does one that the client wants no second attempt for', async () => {
  const good = open([says('{"n":1}')]);
  assert.equal((await good.ask()).route, 'extract;task=extract;tier=fast;reason=match');
  assert.equal(good.asked.length, 1);
  const once = open([says('no')]);
  assert.equal(
    (await once.ask({}, [['x-tollgate-max-attempts', '1']])).route,
    'extract;task=extract;tier=fast;reason=match',
  );
  assert.deepEqual(once.tiers(), [{ name: 'fast', calls: 1, failed: 1, faults: { schemaInvalid: 1 } }]);
});

test('a stream is held until it is checked: one answer reaches the client, whole', async () => {
  const bad = open([streams('{"n":"one"}'), streams('{"n":1}')]);
  const first = await bad.ask({ stream: true });
  assert.match(first.text, /\{\\"n\\":1\}/);
  assert.doesNotMatch(first.text, /one/);
  assert.equal(first.route, 'extract;task=extract;tier=smart;reason=escalated;from=fast;because=schemaInvalid');
  assert.equal(bad.recorded[0]?.attempts.length, 2);
  const good = open([streams('{"n":7}')]);
  const second = await good.ask({ stream: true });
  assert.equal(second.route, 'extract;task=extract;tier=fast;reason=match;stream=held');
  assert.match(second.text, /\{\\"n\\":7\}.*\[DONE\]/s);
  assert.deepEqual(good.tiers(), [{ name: 'fast', calls: 1, failed: 0, faults: {} }]);
});

test('where the better tier fails, or may not be asked, the first answer is given', async () => {
  for (const stream of [false, true]) {
    const down = open([stream ? streams('no') : says('no'), jsonReply({ error: { message: 'no' } }, 401)]);
    const { response, text, route: why } = await down.ask({ stream });
    assert.equal(response.status, 200);
    assert.match(text, /no/);
    assert.match(why ?? '', /tier=fast/);
    assert.equal(header(response, 'x-tollgate-escalation'), 'failed');
    assert.equal(down.recorded.length, 1);
    assert.deepEqual(
      down.recorded[0]?.attempts.map(({ errorClass }) => errorClass),
      ['schemaInvalid', 'auth'],
    );
  }
  let settled: number[] = [];
  const limits: ProxyDeps['limits'] = {
    admit: ({ alias: named }) =>
      named?.name === 'smart'
        ? { kind: 'refused', status: 402, code: 'budget_exceeded', message: 'no' }
        : { kind: 'admitted', settle: (picoUsd) => settled.push(picoUsd) },
  };
  const poor = open([says('no')], { limits });
  assert.equal((await poor.ask()).response.status, 200);
  assert.equal(poor.asked.length, 1);
  assert.deepEqual(settled, [30_000_000]);
  settled = [];
  const both: ProxyDeps['limits'] = { admit: () => ({ kind: 'admitted', settle: (picoUsd) => settled.push(picoUsd) }) };
  const rich = open([says('no'), says('{"n":1}')], { limits: both });
  await rich.ask();
  assert.deepEqual(settled, [30_000_000, 30_000_000]);
});

test('after an escalation the turn goes on at the better tier', async () => {
  const { ask } = open([says('no'), says('{"n":1}'), says('{"n":2}')]);
  await ask();
  assert.equal((await ask()).route, 'extract;task=extract;tier=smart;reason=sticky');
});
