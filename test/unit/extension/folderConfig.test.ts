import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultConfig } from '../../../src/config/defaultConfig.ts';
import { checkLayers, FolderConfig } from '../../../src/extension/config/folderConfig.ts';

const withAlias = (name: string, rest = ''): string =>
  `{ "version": 1, "aliases": { "${name}": { "targets": ["openai/gpt-4o"] } }${rest} }`;
const names = (folder: FolderConfig): string[] => Object.keys(folder.config.aliases);

test('a broken file leaves its last good version in force, until it is good again or gone', () => {
  const folder = new FolderConfig();
  assert.deepEqual(folder.config, defaultConfig);
  folder.load({ workspace: withAlias('one') }, true);
  assert.deepEqual(names(folder), ['one']);
  folder.load({ workspace: '{ "version": 1, "aliases": {' }, true);
  assert.deepEqual(names(folder), ['one']);
  folder.load({ workspace: withAlias('two', ', "unknownKey": 1') }, true);
  assert.deepEqual(names(folder), ['one']);
  folder.load({ workspace: withAlias('two') }, true);
  assert.deepEqual(names(folder), ['two']);
  folder.load({}, true);
  assert.deepEqual(folder.config, defaultConfig);
});

test('of a file that was never good, the good parts are used', () => {
  const folder = new FolderConfig();
  folder.load({ workspace: withAlias('one', ', "unknownKey": 1') }, true);
  assert.deepEqual(names(folder), ['one']);
});

test('a broken local file does not touch the workspace file', () => {
  const folder = new FolderConfig();
  folder.load({ workspace: withAlias('one'), local: withAlias('own') }, true);
  assert.deepEqual(names(folder).sort(), ['one', 'own']);
  folder.load({ workspace: withAlias('two'), local: 'oops' }, true);
  assert.deepEqual(names(folder).sort(), ['own', 'two']);
});

test('each problem is of the file it stands in; trust decides about base URLs', () => {
  const local =
    '{ "version": 1, "providers": { "openai": { "dialect": "openai", "baseUrl": "https://example.com/v1" } } }';
  const untrusted = checkLayers({ workspace: '{ "version": 1, "nope": 1 }', local }, false);
  assert.deepEqual(
    [untrusted.workspace, untrusted.local, untrusted.user].map((problems) => problems.map(({ code }) => code)),
    [['unknownKey'], ['notAllowedHere'], []],
  );
  assert.deepEqual(checkLayers({ local }, true).local, []);
});
