import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { parse } from 'jsonc-parser';
import { loadCatalog } from '../../../../src/catalog/loadCatalog.ts';
import { panelHtml } from '../../../../src/extension/panel/panelHtml.ts';
import { panelStateOf, pricesOf } from '../../../../src/extension/panel/panelState.ts';
import { withCacheOn } from '../../../../src/extension/panel/planCacheEdit.ts';
import type { ServiceView } from '../../../../src/extension/service/serviceView.ts';
import { noSpend, sampleCall } from '../../../support/sampleSpend.ts';

const root = resolve(import.meta.dirname, '../../../..');
const catalog = loadCatalog(JSON.parse(readFileSync(join(root, 'media', 'prices.json'), 'utf8')));
const workspace = {
  workspaceId: 'w1',
  token: 'TOKEN',
  baseUrls: { openai: 'http://127.0.0.1:1/t/TOKEN/v1', anthropic: 'http://127.0.0.1:1/t/TOKEN' },
  demo: false,
};
const info = { version: '0.1.0', pid: 1, startedAtMs: 0, nodeVersion: 'v24', notices: [] };
const connected: ServiceView = { state: { kind: 'connected', info, workspace }, today: noSpend, jobs: [], notices: [] };
const off = { kind: 'off' } as const;

test('every state of the service has a page', () => {
  const kinds = (
    [
      { kind: 'off', reason: 'untrusted' },
      { kind: 'off', reason: 'noFolder' },
      { kind: 'starting' },
      { kind: 'missing', message: 'm' },
      { kind: 'down', message: 'm', retrying: true },
    ] as const
  ).map((state) => panelStateOf({ state, jobs: [], notices: [] }, off, catalog, undefined).kind);
  assert.deepEqual(kinds, ['untrusted', 'noFolder', 'loading', 'serviceMissing', 'serviceDown']);
  assert.equal(panelStateOf(connected, off, catalog, undefined).kind, 'ready');
});

test('connected without figures is still loading, never a zero', () => {
  const { today, ...before } = connected;
  assert.ok(today);
  assert.equal(panelStateOf(before, off, catalog, undefined).kind, 'loading');
});

test('figures stay to be seen while the service is down', () => {
  const ready = panelStateOf(connected, off, catalog, undefined);
  assert.ok(ready.kind === 'ready');
  const down = panelStateOf(
    { ...connected, state: { kind: 'down', message: 'It ended.', retrying: true } },
    off,
    catalog,
    ready,
  );
  assert.deepEqual(down, { kind: 'serviceDown', message: 'It ended.', retrying: true, last: ready });
});

test('no token and no path of a foreign URL goes into the webview', () => {
  const state = panelStateOf(
    connected,
    {
      kind: 'on',
      elsewhere: [
        {
          provider: 'openai',
          variable: 'OPENAI_BASE_URL',
          value: 'https://user:secret@llm.example.com/v1?key=secret',
          source: { kind: 'envFile', name: '.env' },
        },
      ],
    },
    catalog,
    undefined,
  );
  const text = JSON.stringify(state);
  assert.equal(text.includes('TOKEN'), false);
  assert.equal(text.includes('secret'), false);
  assert.ok(state.kind === 'ready');
  assert.deepEqual(state.metering, {
    kind: 'elsewhere',
    conflicts: [{ variable: 'OPENAI_BASE_URL', host: 'llm.example.com', source: '.env' }],
  });
});

test('a broken configuration is told among the notices', () => {
  const config = {
    path: '/ws/tollgate.jsonc',
    ok: false,
    demo: false,
    problems: [{ severity: 'error' as const, message: 'Unknown key "cahce".', start: 3, end: 9 }],
  };
  const state = panelStateOf({ ...connected, config }, off, catalog, undefined);
  assert.ok(state.kind === 'ready');
  assert.deepEqual(state.notices, [
    { id: 'config', severity: 'warning', message: 'tollgate.jsonc: Unknown key "cahce".' },
  ]);
});

test('prices come along for the attempts shown, and only those the rows were made with', () => {
  const found = catalog.lookup('gpt-4o', 'openai');
  assert.ok(found.kind === 'known' && found.model.price !== undefined);
  const { price } = found.model;
  const spend = {
    ...noSpend,
    lastCalls: [
      sampleCall({ id: 'a' }, { priceId: price.id }),
      sampleCall({ id: 'b' }, { priceId: 'openai/gpt-4o@1999-01-01' }),
    ],
  };
  assert.deepEqual(pricesOf(spend, catalog), { [price.id]: price });
});

test('the page loads its own two files and nothing else', () => {
  const html = panelHtml({
    nonce: 'N0nce',
    source: 'https://*.vscode-cdn.net',
    scriptUri: 'https://x/panel.js',
    styleUri: 'https://x/panel.css',
    language: 'en',
    title: '<b>"Spend"</b>',
    strings: { a: `</main><script>alert('1')</script>` },
  });
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1]?.replaceAll('&#39;', "'");
  assert.equal(
    policy,
    "default-src 'none'; style-src https://*.vscode-cdn.net; script-src 'nonce-N0nce'; base-uri 'none'; form-action 'none'",
  );
  assert.equal(html.match(/<script/g)?.length, 1);
  assert.equal(html.match(/<link/g)?.length, 1);
  assert.equal(html.includes('<b>'), false);
});

test('switching a cache on keeps comments and other keys', () => {
  const text =
    '{\n  // ours\n  "version": 1,\n  "cache": { "scope": "workspace", "exact": { "mode": "shadow", "ttlMs": 5 } }\n}\n';
  const changed = withCacheOn(text, 'exact');
  assert.ok(changed.includes('// ours'));
  assert.deepEqual(parse(changed), {
    version: 1,
    cache: { scope: 'workspace', exact: { mode: 'on', ttlMs: 5 } },
  });
});

test('without a file, or with an empty one, a whole configuration is written', () => {
  for (const text of [undefined, ' \n'])
    assert.deepEqual(parse(withCacheOn(text, 'semantic')), { version: 1, cache: { semantic: { mode: 'on' } } });
});
