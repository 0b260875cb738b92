import * as assert from 'node:assert/strict';
import { commands, extensions, type StatusBarItem, TabInputWebview, ThemeColor, ThemeIcon, Uri, window } from 'vscode';
import type { Job, JobItem } from '../../src/batch/job.ts';
import { loadCatalog } from '../../src/catalog/loadCatalog.ts';
import { JobTree } from '../../src/extension/batch/jobTree.ts';
import { createListeners } from '../../src/extension/service/listeners.ts';
import type { ServiceView } from '../../src/extension/service/serviceView.ts';
import { createSpendItem, startStatusItem } from '../../src/extension/status/statusItem.ts';
import { jobTotals } from '../support/jobTotals.ts';
import { busySpend, noSpend } from '../support/sampleSpend.ts';
import { closeAll, eventually, extensionId } from './support/editor.ts';

const fail = (error: unknown): never => {
  throw error;
};
const log = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

suite('status bar', () => {
  test('one item follows the service, and opens the panel', () => {
    const views = createListeners<ServiceView>(fail);
    let view: ServiceView = { state: { kind: 'starting' }, jobs: [], notices: [] };
    const items: StatusBarItem[] = [];
    const started = startStatusItem({
      log,
      service: {
        get view() {
          return view;
        },
        onDidChange: views.on,
      },
      metering: { state: { kind: 'on', elsewhere: [] }, onDidChange: () => ({ dispose: () => undefined }) },
      createItem: () => {
        const item = createSpendItem();
        items.push(item);
        return item;
      },
      prices: {
        catalog: () => Promise.resolve(loadCatalog({ schema: 1, asOf: '2026-09-22', sources: [], models: {} })),
        onDidChange: () => ({ dispose: () => undefined }),
      },
    });
    const [item] = items;
    assert.ok(item);
    assert.equal(items.length, 1);
    assert.equal(item.command, 'tollgate.openPanel');
    assert.equal(item.text, '$(loading~spin) Tollgate');
    const info = { version: '0.1.0', pid: 1, startedAtMs: 0, nodeVersion: 'v24', notices: [] };
    const workspace = { workspaceId: 'w', token: 't', baseUrls: { openai: '', anthropic: '' }, demo: false };
    view = { ...view, state: { kind: 'connected', info, workspace }, today: busySpend() };
    views.tell(view);
    assert.equal(item.text, '$(credit-card) ~$1.24 today · 43% cached');
    assert.equal(item.backgroundColor, undefined);
    view = { ...view, state: { kind: 'down', message: 'It ended.', retrying: true } };
    views.tell(view);
    assert.equal(item.text, '$(error) Tollgate: not running');
    assert.deepEqual(item.backgroundColor, new ThemeColor('statusBarItem.errorBackground'));
    view = { ...view, state: { kind: 'connected', info, workspace }, today: noSpend };
    views.tell(view);
    assert.equal(item.text, '$(credit-card) $0.00 today');
    assert.equal(item.backgroundColor, undefined);
    started.dispose();
  });
});

suite('spend panel', () => {
  suiteSetup(async () => {
    await extensions.getExtension(extensionId)?.activate();
  });
  suiteTeardown(closeAll);

  const panels = () =>
    window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof TabInputWebview && input.viewType.includes('tollgate.panel'));

  test('opens once, however often it is asked for', async () => {
    await commands.executeCommand('tollgate.openPanel');
    await eventually('panel', () => (panels().length > 0 ? true : undefined));
    await commands.executeCommand('tollgate.openPanel');
    assert.equal(panels().length, 1);
    assert.equal(panels()[0]?.label, 'Tollgate Spend');
  });

  test('opens again after it was closed', async () => {
    await window.tabGroups.close(panels());
    await eventually('closed panel', () => (panels().length === 0 ? true : undefined));
    await commands.executeCommand('tollgate.openPanel');
    await eventually('panel', () => (panels().length === 1 ? true : undefined));
  });
});

suite('jobs view', () => {
  const items: readonly JobItem[] = [
    {
      id: 'a',
      promptPath: '/ws/a.md',
      resultPath: '/ws/a.result.md',
      state: 'succeeded',
      costPicoUsd: 1_000_000_000,
      costStatus: 'exact',
    },
    { id: 'b', promptPath: '/ws/b.md', resultPath: '/ws/b.result.md', state: 'failed', error: 'refused' },
  ];
  const job: Job = {
    id: 'j1',
    workspaceId: 'w',
    provider: 'openai',
    model: 'gpt-4o-mini',
    endpoint: '/v1/chat/completions',
    state: 'completed',
    demo: false,
    createdAtMs: 0,
    endedAtMs: 60_000,
    collected: true,
    items,
    totals: jobTotals(items),
  };
  const older: Job = { ...job, id: 'j0', state: 'inProgress', createdAtMs: -1, collected: false };
  const tree = new JobTree(
    () => [older, job],
    () => 0,
  );
  suiteTeardown(() => tree.dispose());

  test('newest first, with what each offers', async () => {
    const nodes = await tree.getChildren();
    assert.deepEqual(
      nodes.map(({ job: { id } }) => id),
      ['j1', 'j0'],
    );
    const items = nodes.map((node) => tree.getTreeItem(node));
    assert.deepEqual(
      items.map(({ contextValue }) => contextValue),
      ['job.collected.failed', 'job.running'],
    );
    assert.equal(items[0]?.label, 'gpt-4o-mini');
    assert.equal(items[0]?.description, '1/2 done, 1 failed · completed · 1 min · $0.0010');
    assert.ok(items[0]?.iconPath instanceof ThemeIcon && items[0].iconPath.id === 'warning');
  });

  test('an answered prompt opens its answer, another one the prompt', async () => {
    const [first] = await tree.getChildren();
    const opened = (await tree.getChildren(first))
      .map((node) => tree.getTreeItem(node).command?.arguments?.[0])
      .map((uri: unknown) => (uri instanceof Uri ? uri.path : undefined));
    assert.deepEqual(opened, ['/ws/a.result.md', '/ws/b.md']);
  });

  test('the view and its container are there', async () => {
    await commands.executeCommand('tollgate.jobs.focus');
    await commands.executeCommand('tollgate.spend.focus');
    await commands.executeCommand('workbench.view.explorer');
  });
});
