import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import type { ConfigurationChangeEvent, WorkspaceConfiguration } from 'vscode';
import * as z from 'zod';
import { adviceLevels, defaultLevels } from '../../../src/advice/ruleIds.ts';
import { settingIds } from '../../../src/extension/contributions.ts';
import { createSettings, type SettingsHost } from '../../../src/extension/settings.ts';

const manifest = z
  .object({
    contributes: z.object({
      configuration: z.array(z.object({ properties: z.record(z.string(), z.looseObject({ default: z.unknown() })) })),
    }),
  })
  .parse(JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../package.json'), 'utf8')));
const adviceRules = z
  .object({ properties: z.record(z.string(), z.object({ default: z.string(), enum: z.array(z.string()) })) })
  .parse(
    manifest.contributes.configuration.flatMap(({ properties }) => properties['tollgate.advice'] ?? [])[0],
  ).properties;
const defaults = new Map(
  manifest.contributes.configuration.flatMap(({ properties }) =>
    Object.entries(properties).map(([id, property]): [string, unknown] => [id, property.default]),
  ),
);

interface Write {
  readonly id: string;
  readonly value: unknown;
  readonly global: unknown;
}

/** The part of VS Code that holds settings, with the manifest's defaults below the user's and the workspace's values. */
function scene(user: Record<string, unknown>, workspace: Record<string, unknown> = {}) {
  const writes: Write[] = [];
  const listeners: ((event: ConfigurationChangeEvent) => void)[] = [];
  function get(id: string): unknown {
    return workspace[id] ?? user[id] ?? defaults.get(id);
  }
  const configuration: Pick<WorkspaceConfiguration, 'get' | 'inspect' | 'update'> = {
    get,
    inspect: <T>(id: string) =>
      ({ key: id, defaultValue: defaults.get(id), globalValue: user[id], workspaceValue: workspace[id] }) as {
        key: string;
        defaultValue?: T;
      },
    update: async (id: string, value: unknown, global: unknown) => {
      writes.push({ id, value, global });
    },
  };
  const host = {
    getConfiguration: () => configuration,
    onDidChangeConfiguration: (listener: (event: ConfigurationChangeEvent) => void) => {
      listeners.push(listener);
      return { dispose: () => listeners.splice(listeners.indexOf(listener), 1) };
    },
  };
  const change = (section: string): void => {
    for (const listener of listeners) listener({ affectsConfiguration: (asked) => asked === section });
  };
  return { settings: createSettings(host as unknown as SettingsHost), writes, change };
}

test('without any value the defaults of the manifest hold, for every setting', () => {
  const settings = scene({}).settings.current();
  assert.equal(settings.display, 'codeLens');
  assert.deepEqual(settings.lens, {
    models: true,
    prompts: true,
    minimumTokens: 30,
    minimumUsd: 0,
    maximumCharacters: 500_000,
  });
  assert.equal(settings.defaultModel, '');
  assert.deepEqual(settings.advice, defaultLevels);
  assert.ok(Object.isFrozen(settings) && Object.isFrozen(settings.lens) && Object.isFrozen(settings.exclude));
});

test('the manifest offers a level for each rule of advice, with the default of the code', () => {
  assert.deepEqual(
    Object.fromEntries(Object.entries(adviceRules).map(([rule, { default: level }]) => [rule, level])),
    defaultLevels,
  );
  for (const { enum: levels } of Object.values(adviceRules)) assert.deepEqual(levels, [...adviceLevels]);
});

test('a rule is turned off beside what is set already, where it was asked for', async () => {
  const { settings, writes } = scene({ 'tollgate.advice': { 'retry-storm': 'off' } });
  assert.equal(settings.current().advice['retry-storm'], 'off');
  await settings.merge('tollgate.advice', { 'batchable-loop': 'off' }, 'user');
  await settings.merge('tollgate.advice', { 'batchable-loop': 'off' }, 'workspace');
  assert.deepEqual(writes, [
    { id: 'tollgate.advice', value: { 'retry-storm': 'off', 'batchable-loop': 'off' }, global: true },
    { id: 'tollgate.advice', value: { 'batchable-loop': 'off' }, global: false },
  ]);
});

test('a value of the wrong kind counts as not set', () => {
  const settings = scene({
    'tollgate.display': 'loud',
    'tollgate.lens.minimumTokens': '12',
    'tollgate.lens.minimumUsd': -1,
    'tollgate.exclude': ['a', 3],
    'tollgate.defaultModel': '  gpt-4o ',
  }).settings.current();
  assert.equal(settings.display, 'codeLens');
  assert.equal(settings.lens.minimumTokens, 30);
  assert.equal(settings.lens.minimumUsd, 0);
  assert.deepEqual(settings.exclude, defaults.get('tollgate.exclude'));
  assert.equal(settings.defaultModel, 'gpt-4o');
});

test('a change of ours is told once with the new values, a change of others not at all', () => {
  const user: Record<string, unknown> = {};
  const { settings, change } = scene(user);
  const seen: string[] = [];
  const subscription = settings.onDidChange(({ display }) => seen.push(display));
  settings.current();
  user['tollgate.display'] = 'hover';
  change('editor');
  assert.equal(settings.current().display, 'codeLens');
  change('tollgate');
  assert.deepEqual(seen, ['hover']);
  subscription.dispose();
  change('tollgate');
  assert.deepEqual(seen, ['hover']);
});

test('a setting is written where its value is, so that the change shows', async () => {
  const plain = scene({});
  await plain.settings.update(settingIds.display, 'off');
  assert.deepEqual(plain.writes, [{ id: 'tollgate.display', value: 'off', global: true }]);
  const inWorkspace = scene({}, { 'tollgate.display': 'hover' });
  await inWorkspace.settings.update(settingIds.display, 'off');
  assert.deepEqual(inWorkspace.writes, [{ id: 'tollgate.display', value: 'off', global: false }]);
});
