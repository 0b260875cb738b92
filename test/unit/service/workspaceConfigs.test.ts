import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { ConfigStatus } from '../../../src/service/api.ts';
import { createLog } from '../../../src/service/log.ts';
import { createWorkspaceConfigs, type WorkspaceConfigs } from '../../../src/service/workspaceConfigs.ts';
import type { Workspace } from '../../../src/service/workspaces.ts';
import { testCatalog } from '../../support/proxyDeps.ts';

describe('the configuration of a workspace', () => {
  let folder = '';
  let workspace: Workspace;
  let configs: WorkspaceConfigs;
  let nowMs = 0;
  let changes: ConfigStatus[] = [];

  let pricesStamp = 'shipped';
  let loaded = 0;
  beforeEach(() => {
    pricesStamp = 'shipped';
    loaded = 0;
    folder = mkdtempSync(join(tmpdir(), 'tollgate-config-'));
    workspace = {
      id: 'w',
      folder,
      configPath: join(folder, 'tollgate.jsonc'),
      localConfigPath: join(folder, 'tollgate.local.jsonc'),
      trusted: true,
      userConfig: undefined,
      confirmedUpstreams: {},
    };
    changes = [];
    configs = createWorkspaceConfigs({
      workspaceOf: (id) => (id === 'w' ? workspace : undefined),
      loadCatalog: () => {
        loaded++;
        return testCatalog;
      },
      pricesStamp: () => pricesStamp,
      onChange: (_, status) => changes.push(status),
      log: createLog(
        () => undefined,
        () => 0,
      ),
      clock: () => nowMs,
    });
  });
  afterEach(() => {
    configs.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, value: object | string) =>
    writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify({ version: 1, ...value }));
  const alias = (target: string) => ({ aliases: { cheap: { targets: [target] } } });
  const modelOfCheap = () => configs.configOf('w').aliases.cheap?.targets[0]?.model;
  const later = () => {
    nowMs += 1_500;
  };

  test('is the defaults where there is no file, and for nobody', () => {
    assert.deepEqual(configs.statusOf('w'), { path: workspace.configPath, ok: true, demo: false, problems: [] });
    assert.deepEqual(configs.configOf('w').aliases, {});
    assert.equal(configs.statusOf('x'), undefined);
    assert.deepEqual(configs.configOf('x'), configs.configOf('w'));
  });

  test('comes from the file, the local file and the user, the last winning', () => {
    write('tollgate.jsonc', alias('openai/gpt-4o'));
    assert.equal(modelOfCheap(), 'gpt-4o');
    write('tollgate.local.jsonc', alias('openai/gpt-4o-mini'));
    configs.reload('w');
    assert.equal(modelOfCheap(), 'gpt-4o-mini');
    workspace = { ...workspace, userConfig: JSON.stringify(alias('openai/o3')) };
    configs.reload('w');
    assert.equal(modelOfCheap(), 'o3');
  });

  test('follows the files, by watching them', async () => {
    write('tollgate.jsonc', alias('openai/gpt-4o'));
    assert.equal(modelOfCheap(), 'gpt-4o');
    write('tollgate.jsonc', alias('openai/gpt-4o-mini'));
    while (changes.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(modelOfCheap(), 'gpt-4o-mini');
  });

  test('and by looking at them, where watching does not work', () => {
    rmSync(folder, { recursive: true });
    assert.equal(modelOfCheap(), undefined);
    mkdirSync(folder);
    write('tollgate.jsonc', alias('openai/gpt-4o'));
    assert.equal(modelOfCheap(), undefined, 'not looked at for every call');
    later();
    assert.equal(modelOfCheap(), 'gpt-4o');
  });

  test('stays the last good one while the file is broken, and says so', () => {
    write('tollgate.jsonc', alias('openai/gpt-4o'));
    assert.equal(modelOfCheap(), 'gpt-4o');
    write('tollgate.jsonc', '{ "version": 1, "aliases": { "cheap": ');
    later();
    assert.equal(modelOfCheap(), 'gpt-4o');
    const broken = configs.statusOf('w');
    assert.equal(broken?.ok, false);
    assert.equal(broken.problems[0]?.path, workspace.configPath);
    assert.deepEqual(changes, [broken]);
    write('tollgate.jsonc', alias('openai/gpt-4o-mini'));
    later();
    assert.equal(modelOfCheap(), 'gpt-4o-mini');
    assert.deepEqual(
      changes.map(({ ok }) => ok),
      [false, true],
    );
  });

  test('is what can be read of a file that was broken from the start', () => {
    write('tollgate.jsonc', { ...alias('openai/gpt-4o'), budgets: 'none' });
    assert.equal(modelOfCheap(), 'gpt-4o');
    assert.equal(configs.statusOf('w')?.ok, false);
  });

  test('names the file of each problem', () => {
    write('tollgate.jsonc', { alias: {} });
    write('tollgate.local.jsonc', { cash: {} });
    workspace = { ...workspace, userConfig: '{"budget":[]}' };
    assert.deepEqual(
      configs.statusOf('w')?.problems.map(({ path }) => path),
      [workspace.configPath, workspace.localConfigPath, undefined],
    );
  });

  test('loses at once what only a trusted workspace may say', () => {
    write('tollgate.jsonc', { providers: { openai: { dialect: 'openai', baseUrl: 'https://gateway.example/v1' } } });
    const baseUrl = () => configs.configOf('w').providers.openai?.baseUrl;
    assert.equal(baseUrl(), 'https://gateway.example/v1');
    workspace = { ...workspace, trusted: false };
    configs.reload('w');
    assert.equal(baseUrl(), 'https://api.openai.com/v1');
  });

  test('other prices in force make other catalogues, for known and unknown workspaces', () => {
    configs.catalogOf('w');
    configs.catalogOf('nobody');
    assert.equal(loaded, 1);
    pricesStamp = 'applied';
    nowMs += 2_000;
    configs.catalogOf('w');
    configs.catalogOf('nobody');
    assert.equal(loaded, 2);
    configs.catalogOf('w');
    assert.equal(loaded, 2);
  });
});
