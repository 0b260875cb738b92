import type { ExtensionContext } from 'vscode';
import type { Disposable } from '../disposables.ts';

export type SecretStore = Pick<ExtensionContext['secrets'], 'get' | 'store' | 'delete' | 'onDidChange'>;
export type NameStore = Pick<ExtensionContext['globalState'], 'get' | 'update'>;

/**
 * Provider keys in the editor's SecretStorage, under the names that `apiKey: "secret:NAME"` uses. Names are listed in
 * the global state, because SecretStorage can list its own only from VS Code 1.105 on.
 */
export interface StoredKeys {
  names(): readonly string[];
  /** All keys, by name. */
  all(): Promise<Readonly<Record<string, string>>>;
  set(name: string, key: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Also when another window changes one. */
  onDidChange(listener: () => void): Disposable;
}

const secretPrefix = 'tollgate.key.';
const namesKey = 'tollgate.keyNames';

export function createStoredKeys(secrets: SecretStore, state: NameStore): StoredKeys {
  const names = (): readonly string[] => {
    const stored = state.get<unknown>(namesKey);
    return Array.isArray(stored) ? stored.filter((name) => typeof name === 'string') : [];
  };
  return {
    names,
    async all() {
      const entries = await Promise.all(
        names().map(async (name) => [name, await secrets.get(secretPrefix + name)] as const),
      );
      const keys: Record<string, string> = {};
      for (const [name, key] of entries) if (key !== undefined) keys[name] = key;
      return keys;
    },
    // The name goes first, so that a listener of the secret finds it in the list.
    async set(name, key) {
      if (!names().includes(name)) await state.update(namesKey, [...names(), name].sort());
      await secrets.store(secretPrefix + name, key);
    },
    async remove(name) {
      await state.update(
        namesKey,
        names().filter((other) => other !== name),
      );
      await secrets.delete(secretPrefix + name);
    },
    onDidChange: (listener) =>
      secrets.onDidChange(({ key }) => {
        if (key.startsWith(secretPrefix)) listener();
      }),
  };
}

/** What may stand after `secret:` in `tollgate.jsonc`. */
export function isKeyName(name: string): boolean {
  return /^[A-Za-z][\w-]{0,63}$/.test(name);
}
