import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import * as z from 'zod';
import {
  commandIds,
  contextKeys,
  languageIds,
  mcpProviderId,
  notebookTypes,
  settingIds,
  toolNames,
  viewIds,
} from '../../src/extension/contributions.ts';

const root = resolve(import.meta.dirname, '../..');

const setting = z.object({
  default: z.unknown(),
  markdownDescription: z.string(),
  scope: z.string(),
  order: z.number(),
  enum: z.array(z.string()).optional(),
  markdownEnumDescriptions: z.array(z.string()).optional(),
});
const view = z.object({ id: z.string() });
const menuItem = z.object({ command: z.string().optional(), submenu: z.string().optional() });
const manifestSchema = z.object({
  description: z.string(),
  engines: z.object({ vscode: z.string() }),
  devDependencies: z.record(z.string(), z.string()),
  icon: z.string(),
  activationEvents: z.array(z.string()),
  contributes: z.object({
    commands: z.array(z.object({ command: z.string(), title: z.string(), category: z.literal('Tollgate') })),
    configuration: z.array(
      z.object({ title: z.string(), order: z.number(), properties: z.record(z.string(), setting) }),
    ),
    viewsContainers: z.record(z.string(), z.array(view)).optional(),
    views: z.record(z.string(), z.array(view)).optional(),
    languageModelTools: z.array(z.object({ name: z.string(), modelDescription: z.string() })),
    mcpServerDefinitionProviders: z.array(view),
    menus: z.record(z.string(), z.array(menuItem)).optional(),
    keybindings: z.array(z.object({ command: z.string() })).optional(),
  }),
});

const manifestText = readFileSync(join(root, 'package.json'), 'utf8');
const manifestJson: unknown = JSON.parse(manifestText);
const manifest = manifestSchema.parse(manifestJson);
const texts = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')));
const settings = manifest.contributes.configuration.flatMap((group) => Object.entries(group.properties));

const sorted = (values: Iterable<string>): string[] => [...values].sort();

/** All strings of the manifest, with the keys they stand under. */
function* strings(value: unknown, path: readonly string[] = []): Generator<{ path: readonly string[]; text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (value !== null && typeof value === 'object')
    for (const [key, inner] of Object.entries(value)) yield* strings(inner, [...path, key]);
}

test('tools for agents in code and manifest agree', () => {
  const { languageModelTools, mcpServerDefinitionProviders } = manifest.contributes;
  assert.deepEqual(
    languageModelTools.map(({ name }) => name),
    Object.values(toolNames),
  );
  assert.deepEqual(
    mcpServerDefinitionProviders.map(({ id }) => id),
    [mcpProviderId],
  );
});

test('commands in code and manifest agree', () => {
  assert.deepEqual(
    sorted(manifest.contributes.commands.map(({ command }) => command)),
    sorted(Object.values(commandIds)),
  );
});

test('command ids are tollgate.<key>', () => {
  for (const [key, id] of Object.entries(commandIds)) assert.equal(id, `tollgate.${key}`);
});

test('settings in code and manifest agree', () => {
  assert.deepEqual(sorted(settings.map(([id]) => id)), sorted(Object.values(settingIds)));
});

test('every setting has a default, at most three segments, and a described value for each choice', () => {
  for (const [id, one] of settings) {
    assert.notEqual(one.default, undefined, id);
    assert.ok(id.split('.').length <= 3, id);
    assert.ok(['window', 'resource', 'machine', 'machine-overridable', 'application'].includes(one.scope), id);
    assert.match(one.markdownDescription, /^%.+%$/, id);
    assert.equal(one.markdownEnumDescriptions?.length, one.enum?.length, id);
  }
  for (const group of manifest.contributes.configuration) {
    const orders = Object.values(group.properties).map(({ order }) => order);
    assert.equal(new Set(orders).size, orders.length, group.title);
  }
});

test('views in code and manifest agree', () => {
  const { viewsContainers = {}, views = {} } = manifest.contributes;
  const ids = [...Object.values(viewsContainers), ...Object.values(views)].flat().map(({ id }) => id);
  assert.deepEqual(sorted(ids), sorted(Object.values<string>(viewIds)));
});

test('menus and keybindings name declared commands only', () => {
  const known = new Set<string>(Object.values(commandIds));
  const { menus = {}, keybindings = [] } = manifest.contributes;
  const named = [...Object.values(menus).flat(), ...keybindings].flatMap(({ command }) => command ?? []);
  assert.deepEqual(
    named.filter((id) => id.startsWith('tollgate.') && !known.has(id)),
    [],
  );
});

test('context keys in clauses and code agree', () => {
  const clauses = [...strings(manifestJson)].filter(({ path }) => ['when', 'enablement'].includes(path.at(-1) ?? ''));
  const others = new Set<string>([...Object.values<string>(viewIds), ...Object.values(settingIds)]);
  const used = clauses
    .flatMap(({ text }) => [...text.replaceAll('config.tollgate.', 'tollgate.').matchAll(/\btollgate\.[\w.]+/g)])
    .map(([key]) => key)
    .filter((key) => !others.has(key));
  assert.deepEqual(sorted(new Set(used)), sorted(Object.values<string>(contextKeys)));
});

test('each supported language and notebook activates the extension', () => {
  assert.deepEqual(
    sorted(manifest.activationEvents),
    sorted([
      ...languageIds.map((id) => `onLanguage:${id}`),
      ...notebookTypes.map((type) => `onNotebook:${type}`),
      'onStartupFinished',
    ]),
  );
});

test('nls keys are all used and all present, and %key% is always the whole string', () => {
  const used = [...strings(manifestJson)].flatMap(({ text }) => /^%(.+)%$/.exec(text)?.[1] ?? []);
  assert.deepEqual(sorted(new Set(used)), sorted(Object.keys(texts)));
  const partial = [...strings(manifestJson)].filter(({ text }) => /%[\w.]+%/.test(text) && !/^%[\w.]+%$/.test(text));
  assert.deepEqual(partial, []);
});

test('the typings are those of the oldest editor we run in', () => {
  assert.equal(`^${manifest.devDependencies['@types/vscode']}`, manifest.engines.vscode);
});

test('translations name keys of the source texts only', () => {
  const files = readdirSync(root).filter((name) => /^package\.nls\.\w[\w-]*\.json$/.test(name));
  for (const file of files) {
    const translated = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(join(root, file), 'utf8')));
    assert.deepEqual(
      Object.keys(translated).filter((key) => !(key in texts)),
      [],
      file,
    );
  }
});

test('files the manifest points to are committed', () => {
  const files = [...strings(manifestJson)]
    .map(({ text }) => text)
    .filter((text) => /^(\.\/)?media\/\S+\.\w+$/.test(text));
  assert.deepEqual(
    files.filter((file) => !existsSync(join(root, file))),
    [],
  );
});
