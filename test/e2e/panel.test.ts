import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ensureChromium } from '../../scripts/steps.ts';
import { panelHtml } from '../../src/extension/panel/panelHtml.ts';
import type { PanelReady, PanelState } from '../../src/panel/messages.ts';
import { panelStrings } from '../../src/panel/panelStrings.ts';
import type { PanelSpend } from '../../src/panel/spend.ts';
import { busyOverview } from '../support/sampleOverview.ts';
import { busySpend, sampleCall } from '../support/sampleSpend.ts';
import { launchChromium } from '../support/workbench.ts';

/*
 * The panel's own page and bundle in a browser, without VS Code around it: what changes of state do to focus, to open
 * rows, and to names that try to be markup.
 */

const dist = resolve(import.meta.dirname, '../../dist');
const origin = 'http://127.0.0.1:9';

const ready = (spend: PanelSpend): PanelReady => ({
  kind: 'ready',
  spend,
  prices: {},
  metering: { kind: 'off' },
  demo: false,
  notices: [],
  environment: [],
});

let browser: Browser;
let page: Page;
let problems: string[];

before(async () => {
  browser = await launchChromium(ensureChromium());
});
after(() => browser.close());

beforeEach(async () => {
  problems = [];
  await page?.close();
  page = await browser.newPage({ viewport: { width: 1180, height: 900 } });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch((error: unknown) => problems.push(String(error)));
  });
  const html = panelHtml({
    nonce: 'nonce',
    source: origin,
    scriptUri: `${origin}/panel.js`,
    styleUri: `${origin}/panel.css`,
    language: 'en',
    title: 'Tollgate Spend',
    strings: panelStrings,
  });
  await page.route(`${origin}/**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === '') return route.fulfill({ contentType: 'text/html', body: html });
    const contentType = name.endsWith('.css') ? 'text/css' : 'text/javascript';
    return route.fulfill({ contentType, body: readFileSync(join(dist, name)) });
  });
  await page.addInitScript(() => {
    const sent: unknown[] = [];
    Object.assign(window, {
      sent,
      acquireVsCodeApi: () => ({
        postMessage: (message: unknown) => sent.push(message),
        getState: () => undefined,
        setState: (state: unknown) => Object.assign(window, { saved: state }),
      }),
    });
  });
  await page.goto(`${origin}/`);
});

async function show(state: PanelState): Promise<void> {
  await page.evaluate((message) => window.postMessage(message, '*'), { type: 'state' as const, state });
}

const read = (name: 'sent' | 'saved'): Promise<unknown> =>
  page.evaluate((key) => Object.entries(window).find(([own]) => own === key)?.[1], name);

test('it says that it listens, and shows that it waits', async () => {
  await page.getByRole('status').getByText('Reading today’s spend…').waitFor();
  assert.deepEqual(await read('sent'), [{ type: 'ready' }]);
  assert.deepEqual(problems, []);
});

test('names that try to be markup stay text, and the policy has nothing to stop', async () => {
  const hostile = [
    '<img src=x onerror=alert(1)>',
    '"><script>alert(1)</script>',
    '<svg/onload=alert(1)>',
    "javascript:alert('1')",
    '</main><iframe srcdoc="<script>alert(1)</script>">',
    '{{constructor.constructor("alert(1)")()}}',
    '\u202eevil\u0000',
  ];
  const lastCalls = hostile.map((name, n) =>
    sampleCall(
      {
        id: `"><b>${n}`,
        modelRequested: name,
        alias: name,
        feature: name,
        route: name,
        cacheReason: name,
        session: name,
        branch: name,
        callSite: name,
        client: name,
        errorClass: name,
        status: 500,
      },
      { provider: name, model: name, costReason: name, costStatus: 'unpriced', errorClass: name },
    ),
  );
  const spend = { ...busySpend(), lastCalls };
  const [limit = assert.fail()] = busyOverview().limits;
  const notices = hostile.map((message, n) => ({ id: `n${n}`, severity: 'error' as const, message }));
  const conflicts = hostile.map((name) => ({ variable: name, source: name, host: name }));
  const overview = busyOverview({
    spend,
    choices: { model: hostile, feature: hostile, user: hostile, branch: hostile, callSite: hostile },
    limits: hostile.map((scope) => ({ ...limit, scope })),
    series: {
      ...busyOverview().series,
      layers: hostile.map((key) => ({ key, costPicoUsd: busyOverview().series.startsMs.map(() => '1000000000') })),
    },
  });
  await show({ ...ready(spend), overview, notices, metering: { kind: 'elsewhere', conflicts } });
  await page.locator('.headline').waitFor();
  for (const row of await page.locator('button.disclosure').all()) await row.click();
  assert.equal(await page.locator('img, iframe, svg, b, script:not([nonce])').count(), 0);
  assert.ok(((await page.locator('#panel').textContent()) ?? '').includes('<img src=x onerror=alert(1)>'));
  assert.deepEqual(problems, []);
});

test('a figure that ticks leaves focus and open rows alone, and new calls come in above', async () => {
  const spend = busySpend();
  await show(ready(spend));
  const second = page.locator('button.disclosure').nth(1);
  await second.focus();
  await page.keyboard.press('Enter');
  await page.getByText('How the cost was made').waitFor();
  const first = sampleCall({ id: 'new', startedAtMs: Date.UTC(2026, 8, 22, 13) }, {});
  await show(ready({ ...spend, lastCalls: [first, ...spend.lastCalls.slice(0, -1)] }));
  await page.locator('button.disclosure', { hasText: '13:00:00' }).or(page.locator('tr.call').nth(0)).first().waitFor();
  assert.equal(await page.locator('button.disclosure').nth(2).getAttribute('aria-expanded'), 'true');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-controls')), 'details-c11');
  assert.deepEqual(await read('saved'), { openCalls: ['c11'] });
  assert.deepEqual(problems, []);
});

test('every button can be reached and pressed by keyboard', async () => {
  await show(ready(busySpend()));
  await page.locator('.headline').waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Meter this workspace');
  await page.keyboard.press('Space');
  assert.deepEqual(await read('sent'), [{ type: 'ready' }, { type: 'run', action: 'meterWorkspace' }]);
});

test('at every width from a side bar to a wide editor nothing is pushed out of sight', async () => {
  await show(ready(busySpend()));
  await page.locator('.headline').waitFor();
  for (const row of await page.locator('button.disclosure').all()) await row.click();
  for (const width of [320, 480, 640, 760, 900, 1180, 1600]) {
    await page.setViewportSize({ width, height: 900 });
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(beyond <= 0, `${beyond} px too wide at ${width}`);
  }
});

test('the chart is drawn within the policy, read by arrow keys, and stays while figures tick', async () => {
  const state = { ...ready(busySpend()), metering: { kind: 'metered' as const }, overview: busyOverview() };
  await show(state);
  const chart = page.getByRole('img', { name: /Spend over time/ });
  await chart.locator('canvas').waitFor();
  await chart.focus();
  for (let n = 0; n < 10; n++) await page.keyboard.press('ArrowRight');
  await chart
    .getByText('09:00')
    .or(chart.getByText(/\$0\.22/))
    .first()
    .waitFor();
  assert.match((await chart.locator('.readout').textContent()) ?? '', /\$0\.22 \(openai\/gpt-4o \$0\.12/);
  await show({ ...state, spend: { ...state.spend, toMs: state.spend.toMs + 1 } });
  assert.equal(await page.evaluate(() => document.activeElement?.className), 'chart');
  for (const width of [320, 480, 760, 1180, 1600]) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForFunction(() => {
      const [canvas, node] = [document.querySelector('.chart canvas'), document.querySelector('.chart')];
      return canvas !== null && node !== null && Math.abs(canvas.clientWidth - node.clientWidth) <= 1;
    });
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(beyond <= 0, `${beyond} px too wide at ${width}`);
  }
  assert.deepEqual(problems, []);
});

test('a filter is sent, kept, and part of what is exported', async () => {
  await show({ ...ready(busySpend()), metering: { kind: 'metered' }, overview: busyOverview() });
  await page.getByRole('combobox', { name: 'Branch' }).selectOption('main');
  await page.getByRole('button', { name: /Last 7 days/ }).click();
  await page.getByRole('button', { name: 'Export what is shown…' }).click();
  const view = { period: 'week', by: 'model', filter: { branch: 'main' } };
  assert.deepEqual(await read('sent'), [
    { type: 'ready' },
    { type: 'view', view: { ...view, period: 'today' } },
    { type: 'view', view },
    { type: 'export', view },
  ]);
  assert.deepEqual(await read('saved'), { openCalls: [], view });
  assert.deepEqual(problems, []);
});

test('states follow each other without leaving anything behind', async () => {
  await show(ready(busySpend()));
  await page.locator('.headline').waitFor();
  await show({ kind: 'untrusted' });
  await page.getByText('This workspace is not trusted').waitFor();
  assert.equal(await page.locator('.headline').count(), 0);
  await show({ kind: 'serviceDown', message: 'It ended.', retrying: true });
  await page.getByRole('alert').getByText('It ended.').waitFor();
  assert.equal(await page.locator('#panel > *').count(), 1);
});
