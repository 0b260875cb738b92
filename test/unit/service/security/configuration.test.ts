import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { loadCatalog } from '../../../../src/catalog/loadCatalog.ts';
import { parseConfigFile } from '../../../../src/config/parseConfigFile.ts';
import { resolveConfig } from '../../../../src/config/resolveConfig.ts';
import { createLog } from '../../../../src/service/log.ts';
import type { PipelineContext } from '../../../../src/service/pipeline.ts';
import { type RunningService, startService } from '../../../../src/service/startService.ts';
import { fakePipeline } from '../fakePipeline.ts';

describe('configuration and the database', () => {
  let folder = '';
  let project = '';
  let service: RunningService;
  let context: PipelineContext;
  let token = '';
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-configuration-'));
    project = join(folder, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'tollgate.jsonc'), '{ "version": 1 }\n');
    service = await startService({
      folder: join(folder, 'data'),
      version: '1.0.0',
      env: {},
      log: createLog(
        () => undefined,
        () => 0,
      ),
      clock: Date.now,
      schemas: [],
      createPipeline: (given) => {
        context = given;
        return fakePipeline(given);
      },
    });
    token = service.register({ folder: project, trusted: false }).token;
  });
  after(async () => {
    await service.stop();
    rmSync(folder, { recursive: true });
  });

  const filesOfProject = (): string[] =>
    readdirSync(project).map((name) => `${name}\n${readFileSync(join(project, name), 'utf8')}`);
  const workspaces = (): unknown[] => context.store.database.prepare('SELECT * FROM service_workspace').all();

  const paths = [
    'config',
    'config/update',
    'aliases',
    'providers',
    'settings',
    'routes',
    'budgets',
    'model/new',
    'key/generate',
  ];
  test('S24: no method at no path changes a file of the workspace, with any token', async () => {
    const files = filesOfProject();
    const known = workspaces();
    const { port, controlToken } = service.address;
    const config = JSON.stringify({
      version: 1,
      providers: { openai: { dialect: 'openai', baseUrl: 'https://evil.example' } },
    });
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      for (const path of paths) {
        const ask = (url: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
          fetch(`http://127.0.0.1:${port}${url}`, {
            method,
            headers: { 'content-type': 'application/json', ...headers },
            body: config,
          });
        const control = await ask(`/_tollgate/${path}`, { 'x-tollgate-control': controlToken });
        assert.equal(control.status, 404, `${method} ${path}`);
        assert.equal((await ask(`/_tollgate/${path}`, { 'x-tollgate-token': token })).status, 401);
        await (await ask(`/t/${token}/${path}`, {})).text();
        await (await ask(`/t/${token}/_tollgate/${path}`, { 'x-tollgate-control': controlToken })).text();
      }
    assert.deepEqual(filesOfProject(), files);
    assert.deepEqual(workspaces(), known);
  });

  test('S24: a workspace’s token changes nothing that the control plane keeps', async () => {
    const known = workspaces();
    const { port } = service.address;
    for (const [method, path] of [
      ['POST', '/workspaces'],
      ['PUT', '/keys'],
      ['PUT', '/upstreams'],
      ['POST', '/drain'],
      ['DELETE', '/cache'],
      ['POST', '/batch/submit'],
    ] as const)
      for (const name of ['authorization', 'x-api-key', 'x-tollgate-token', 'x-tollgate-control']) {
        const response = await fetch(`http://127.0.0.1:${port}/_tollgate${path}`, {
          method,
          headers: { 'content-type': 'application/json', [name]: token },
          body: JSON.stringify({ folder: project, trusted: true, workspaceId: 'w', keys: {}, baseUrls: {} }),
        });
        assert.equal(response.status, 401, `${method} ${path} ${name}`);
      }
    assert.deepEqual(workspaces(), known);
  });

  test('S11: an untrusted repository sets no host and no key, and raises no limit', () => {
    const file = {
      version: 1,
      providers: {
        openai: { dialect: 'openai', baseUrl: 'https://evil.example/v1', apiKey: 'env:HOME' },
        evil: { dialect: 'openai', baseUrl: 'https://evil.example/v1', apiKey: 'secret:openai' },
      },
      aliases: { cheap: { targets: ['openai/m'], maxInputTokens: 9_000_000, maxOutputTokens: 9_000_000 } },
      budgets: [{ scope: 'workspace', limitUsd: 1_000_000, window: 'month' }],
      cache: { store: { kind: 'redis', url: 'redis://evil.example' } },
    };
    const user = {
      version: 1,
      aliases: { cheap: { targets: ['openai/m'], maxInputTokens: 100, maxOutputTokens: 10 } },
      budgets: [{ scope: 'workspace', limitUsd: 5, window: 'month' }],
    };
    for (const kind of ['workspace', 'local'] as const) {
      const layers = [
        parseConfigFile(JSON.stringify(file), kind).layer,
        parseConfigFile(JSON.stringify(user), 'user').layer,
      ];
      const { config } = resolveConfig(layers, { trusted: false });
      assert.doesNotMatch(JSON.stringify(config), /evil\.example|HOME/);
      assert.deepEqual([config.aliases.cheap?.maxInputTokens, config.aliases.cheap?.maxOutputTokens], [100, 10]);
      assert.ok(config.budgets.some(({ limitUsd }) => limitUsd === 5));
    }
  });

  test('S23: what clients say is data: no name in a header changes a statement', async () => {
    const hostile = `'; DROP TABLE service_workspace; --`;
    const id = `w' OR '1'='1`;
    assert.equal(context.workspaces.get(id), undefined);
    const { controlToken, port } = service.address;
    const control = { 'x-tollgate-control': controlToken, 'content-type': 'application/json' };
    const registered = await fetch(`http://127.0.0.1:${port}/_tollgate/workspaces`, {
      method: 'POST',
      headers: control,
      body: JSON.stringify({ folder: join(project, hostile), trusted: false, userConfig: hostile }),
    });
    assert.equal(registered.status, 200);
    for (const workspace of [id, hostile, `"`, '%', '*'])
      for (const [method, path] of [
        ['GET', '/spend?from=0&to=1&last=1&'],
        ['DELETE', '/cache?'],
        ['GET', '/config?'],
      ] as const) {
        const url = `http://127.0.0.1:${port}/_tollgate${path}workspace=${encodeURIComponent(workspace)}`;
        assert.equal((await fetch(url, { method, headers: control })).status, 404, `${path} ${workspace}`);
      }
    const rows = context.store.database.prepare('SELECT folder, user_config FROM service_workspace').all();
    assert.ok(rows.some(({ folder: kept, user_config }) => kept === join(project, hostile) && user_config === hostile));
  });
});

test('S19: prices are data that is checked: what is malformed, or would be executed elsewhere, is no price file', () => {
  const model = { id: 'm', usd: { input: 1, output: 2 }, tokenizer: 'o200k' };
  const file = { schema: 1, asOf: '2026-11-01', sources: [{ name: 'x' }], models: { openai: [model] } };
  assert.equal(loadCatalog(file).asOf, '2026-11-01');
  const wrong: readonly unknown[] = [
    null,
    [],
    'process.exit()',
    {},
    { ...file, schema: 99 },
    { ...file, asOf: 'yesterday' },
    { ...file, models: { openai: [{ ...model, usd: { input: -1, output: 2 } }] } },
    { ...file, models: { openai: [{ ...model, usd: { input: '1; DROP TABLE', output: 2 } }] } },
    { ...file, models: { openai: [{ ...model, usd: { input: Number.NaN, output: 2 } }] } },
    { ...file, models: { openai: 'all' } },
  ];
  for (const data of wrong) assert.throws(() => loadCatalog(data), { name: 'PriceDataInvalid' }, JSON.stringify(data));
});
