import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createStoredKeys,
  isKeyName,
  type NameStore,
  type SecretStore,
} from '../../../../src/extension/keys/storedKeys.ts';

function stores() {
  const secrets = new Map<string, string>();
  const names = new Map<string, unknown>();
  const listeners = new Set<(event: { key: string }) => void>();
  const tell = (key: string): void => {
    for (const listener of listeners) listener({ key });
  };
  const secretStore: SecretStore = {
    get: async (key) => secrets.get(key),
    store: async (key, value) => {
      secrets.set(key, value);
      tell(key);
    },
    delete: async (key) => {
      secrets.delete(key);
      tell(key);
    },
    onDidChange: (listener) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  };
  const get: NameStore['get'] = (key: string) => JSON.parse(JSON.stringify(names.get(key) ?? null)) ?? undefined;
  const nameStore: NameStore = { get, update: async (key, value) => void names.set(key, value) };
  return { secretStore, nameStore, names, tell };
}

test('keys come back by name, and their names alone are in the state', async () => {
  const { secretStore, nameStore, names } = stores();
  const keys = createStoredKeys(secretStore, nameStore);
  await keys.set('openai', 'sk-secret');
  await keys.set('anthropic', 'sk-ant');
  assert.deepEqual(await keys.all(), { openai: 'sk-secret', anthropic: 'sk-ant' });
  assert.equal(JSON.stringify([...names]).includes('sk-'), false);
  await keys.remove('openai');
  assert.deepEqual(keys.names(), ['anthropic']);
  assert.deepEqual(await keys.all(), { anthropic: 'sk-ant' });
});

test('listeners hear of keys, with the name already listed, and of nothing else', async () => {
  const { secretStore, nameStore, tell } = stores();
  const keys = createStoredKeys(secretStore, nameStore);
  const heard: (readonly string[])[] = [];
  keys.onDidChange(() => heard.push(keys.names()));
  await keys.set('openai', 'sk-secret');
  tell('tollgate.workspace.abc');
  assert.deepEqual(heard, [['openai']]);
});

test('a key deleted in another window is not handed on', async () => {
  const { secretStore, nameStore } = stores();
  const keys = createStoredKeys(secretStore, nameStore);
  await keys.set('openai', 'sk-secret');
  await secretStore.delete('tollgate.key.openai');
  assert.deepEqual(await keys.all(), {});
});

test('names fit after "secret:"', () => {
  assert.deepEqual(['openai', 'my-key_2', '', '2nd', 'a b', 'a:b', `a${'b'.repeat(64)}`].map(isKeyName), [
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});
