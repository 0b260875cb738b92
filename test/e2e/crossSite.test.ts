import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ensureChromium } from '../../scripts/steps.ts';
import { readAddress } from '../../src/service/address.ts';
import { createControlClient } from '../../src/service/controlClient.ts';
import { type HeadlessService, startHeadlessService } from '../support/headlessService.ts';
import { type ListeningServer, listenAsProvider } from '../support/listen.ts';
import { launchChromium } from '../support/workbench.ts';

/*
 * Pages of other origins in a real browser, which know the port and both tokens, against the whole service. What a page
 * cannot learn or guess is given to it, so that each refusal is that of the gate and not of a missing token.
 */

interface Given {
  readonly service: string;
  readonly socket: string;
  readonly token: string;
  readonly controlToken: string;
}

const reboundHost = 'rebound.example';
let service: HeadlessService;
let provider: ListeningServer;
let pages: ListeningServer;
let browser: Browser;
let page: Page;
let given: Given;
/** What the provider was asked. */
const asked: string[] = [];
/** What the browser got from the service: method, path without the token, status. */
const answers: string[] = [];
/** What the page asked the service; of images, scripts and styles Chromium does not show the answer. */
const tried: string[] = [];

before(async () => {
  provider = await listenAsProvider((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' }).end('{}');
  });
  pages = await listenAsProvider((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Elsewhere</title>');
  });
  service = await startHeadlessService({
    config: { providers: { openai: { dialect: 'openai', baseUrl: `${provider.url}/v1` } } },
  });
  const controlToken = address().controlToken;
  given = { service: service.url, socket: service.url.replace('http', 'ws'), token: service.token, controlToken };
  browser = await launchChromium(ensureChromium(), [
    `--host-resolver-rules=MAP ${reboundHost} 127.0.0.1`,
    // Chromium's own guard of local networks, which other browsers do not have, must not be what stops a page.
    '--disable-features=LocalNetworkAccessChecks',
  ]);
});
after(async () => {
  await browser?.close();
  await service?.stop();
  await pages?.close();
  await provider?.close();
});
beforeEach(async () => {
  asked.length = 0;
  answers.length = 0;
  tried.length = 0;
  await page?.close();
  page = await browser.newPage();
  page.on('request', (request) => tried.push(request.url().replace(service.token, 'TOKEN')));
  page.on('response', (response) => {
    const url = new URL(response.url());
    if (url.port !== new URL(service.url).port) return;
    const path = url.pathname.replace(service.token, 'TOKEN');
    answers.push(`${response.request().method()} ${path} ${response.status()}`);
  });
});

const address = () => readAddress(join(service.folder, 'data', 'service.json')) ?? assert.fail();

async function callsWrittenDown(): Promise<number> {
  const control = createControlClient({ ...address(), fetch });
  const { workspaceId } = await control.registerWorkspace({ folder: service.folder, trusted: true });
  const { totals } = await control.spend({ workspaceId, fromMs: 0, toMs: Date.now() + 1000, lastCalls: 1 });
  return totals.calls;
}

/** Every answer was 403, and these were among them. */
function assertRefused(expected: readonly string[]): void {
  for (const answer of answers) assert.match(answer, / 403$/);
  for (const each of expected) assert.ok(answers.includes(`${each} 403`), `${each} in ${answers.join(', ')}`);
  assert.deepEqual(asked, [], 'the provider was asked nothing');
}

describe('a page of another origin', () => {
  test('S3: fetch with and without CORS, beacons and event streams reach neither plane', async () => {
    await page.goto(pages.url);
    const read = await page.evaluate(async ({ service, token, controlToken }: Given) => {
      const base = `${service}/t/${token}/v1`;
      const body = JSON.stringify({ model: 'm', messages: [] });
      const plain = { 'content-type': 'text/plain' };
      const tries: readonly (readonly [string, RequestInit])[] = [
        [`${base}/models`, {}],
        [`${base}/models`, { mode: 'no-cors' }],
        [`${base}/models`, { mode: 'no-cors', credentials: 'include' }],
        [`${base}/chat/completions`, { method: 'POST', mode: 'no-cors', headers: plain, body }],
        [`${base}/files`, { method: 'POST', mode: 'no-cors', headers: plain, body }],
        [`${base}/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }],
        [`${service}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body }],
        [`${service}/_tollgate/health`, { mode: 'no-cors' }],
        [`${service}/_tollgate/info`, { headers: { 'x-tollgate-control': controlToken } }],
        [`${service}/_tollgate/drain`, { method: 'POST', mode: 'no-cors', headers: plain, body: '{}' }],
      ];
      const outcomes: string[] = [];
      for (const [url, init] of tries)
        outcomes.push(
          await fetch(url, init).then(
            async (response) => `${response.type} ${await response.text()}`,
            () => 'failed',
          ),
        );
      navigator.sendBeacon(`${base}/chat/completions`, body);
      const source = new EventSource(`${service}/_tollgate/events`);
      outcomes.push(
        await new Promise<string>((resolve) => {
          source.onerror = () => resolve('failed');
          source.onopen = () => resolve('open');
        }),
      );
      source.close();
      return outcomes;
    }, given);
    for (const outcome of read) assert.match(outcome, /^(?:failed|opaque )$/, 'nothing could be read');
    assertRefused(['GET /t/TOKEN/v1/models', 'POST /t/TOKEN/v1/chat/completions', 'POST /t/TOKEN/v1/files']);
    assert.equal(await callsWrittenDown(), 0);
  });

  test('S4: images, scripts, styles, frames and forms reach neither plane', async () => {
    await page.goto(pages.url);
    await page.evaluate(async ({ service, token }: Given) => {
      const base = `${service}/t/${token}/v1`;
      const over = (element: HTMLElement): Promise<unknown> => {
        const ended = new Promise((resolve) => {
          for (const event of ['load', 'error']) element.addEventListener(event, resolve, { once: true });
        });
        document.body.append(element);
        return ended;
      };
      await over(Object.assign(document.createElement('img'), { src: `${base}/image` }));
      await over(Object.assign(document.createElement('script'), { src: `${base}/script` }));
      await over(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `${base}/style` }));
      await over(Object.assign(document.createElement('iframe'), { src: `${base}/models` }));
      const frame = Object.assign(document.createElement('iframe'), { name: 'answer' });
      await over(frame);
      for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
        const action = `${base}/chat/completions`;
        const form = Object.assign(document.createElement('form'), {
          action,
          method: 'post',
          enctype,
          target: 'answer',
        });
        form.append(Object.assign(document.createElement('input'), { name: '{"model":"m","x":"', value: '"}' }));
        document.body.append(form);
        const ended = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
        form.submit();
        await ended;
      }
    }, given);
    for (const name of ['image', 'script', 'style'])
      assert.ok(tried.includes(`${service.url}/t/TOKEN/v1/${name}`), name);
    assertRefused(['GET /t/TOKEN/v1/models', 'POST /t/TOKEN/v1/chat/completions']);
    assert.equal(answers.filter((answer) => answer.startsWith('POST ')).length, 3);
    assert.equal(await callsWrittenDown(), 0);
  });

  test('S7: no WebSocket opens', async () => {
    await page.goto(pages.url);
    const outcomes = await page.evaluate(async ({ socket, token }: Given) => {
      const outcomes: string[] = [];
      for (const path of [`/t/${token}/v1/realtime`, '/v1/realtime', '/_tollgate/events']) {
        const opened = new WebSocket(socket + path, ['realtime', `openai-insecure-api-key.${token}`]);
        outcomes.push(
          await new Promise<string>((resolve) => {
            opened.onopen = () => resolve('open');
            opened.onclose = () => resolve('closed');
          }),
        );
      }
      return outcomes;
    }, given);
    assert.deepEqual(outcomes, ['closed', 'closed', 'closed']);
    assert.deepEqual(asked, []);
  });

  test('S2: a rebound name is refused, though its page is of the same origin and may send every header', async () => {
    const origin = service.url.replace('127.0.0.1', reboundHost);
    // The page itself came from the attacker's server, before the name was made to lead here.
    const html = { contentType: 'text/html', body: '<!doctype html><title>Rebound</title>' };
    await page.route(`${origin}/`, (route) => route.fulfill(html), { times: 1 });
    await page.goto(`${origin}/`);
    answers.length = 0;
    const statuses = await page.evaluate(async ({ token, controlToken }: Given) => {
      const headers = {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'x-tollgate-token': token,
      };
      const control = { 'x-tollgate-control': controlToken };
      const body = JSON.stringify({ model: 'm', messages: [] });
      const tries: readonly (readonly [string, RequestInit])[] = [
        [`/t/${token}/v1/models`, {}],
        ['/v1/models', { headers }],
        ['/v1/chat/completions', { method: 'POST', headers, body }],
        ['/_tollgate/health', {}],
        ['/_tollgate/info', { headers: control }],
        ['/_tollgate/drain', { method: 'POST', headers: control }],
      ];
      const statuses: number[] = [];
      for (const [path, init] of tries) statuses.push((await fetch(path, init)).status);
      return statuses;
    }, given);
    assert.deepEqual(statuses, [403, 403, 403, 403, 403, 403]);
    assertRefused(['GET /v1/models', 'POST /v1/chat/completions', 'GET /_tollgate/info']);
    assert.equal(await callsWrittenDown(), 0);
  });

  test('a program on this machine with the same token is served, so that what stopped the pages is where they come from', async () => {
    const response = await fetch(`${given.service}/t/${given.token}/v1/files`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', authorization: 'Bearer sk-own' },
      body: 'text',
    });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('access-control-allow-origin'), null);
    assert.deepEqual(asked, ['POST /v1/files']);
  });
});
