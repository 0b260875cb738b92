import type { CacheConfig, KeyReference } from '../../config/config.ts';
import type { Store } from '../../store/store.ts';
import type { CacheClock, EntryStore } from '../entryStore.ts';
import { EntryTable } from '../entryTable.ts';
import { sealKeyMissing } from '../errors.ts';
import { noEntryStore } from '../noEntryStore.ts';
import { createSqliteEntryStore } from '../sqliteEntryStore.ts';
import { createSeal, isLongEnough } from './seal.ts';

export interface SealedStoresDeps {
  readonly store: Pick<Store, 'database' | 'transaction'>;
  readonly clock: CacheClock;
  readonly keyOf: (workspaceId: string, reference: KeyReference) => string | undefined;
  readonly onProblem: (message: string) => void;
  readonly memoryBytes: number;
}

export interface SealedStores {
  /** Where a configuration keeps its answers encrypted; undefined = it keeps them in the clear. */
  of(config: Pick<CacheConfig, 'store'>, workspaceId: string): EntryStore | undefined;
  close(): void;
}

interface SealedStore {
  readonly keyId: string;
  readonly entries: EntryStore;
}

/**
 * Encrypted entries in the same tables. What a workspace kept under another key, or in the clear, is removed when the change is
 * first seen: two ways of keeping are never mixed.
 */
export function createSealedStores({ store, clock, keyOf, onProblem, memoryBytes }: SealedStoresDeps): SealedStores {
  const plain = new EntryTable(store.database);
  const stores = new Map<string, SealedStore>();
  const keptBy = new Map<string, string>();
  const reported = new Set<string>();

  return {
    of({ store: wanted }, workspaceId) {
      if (wanted.kind !== 'sqlite') return undefined;
      if (wanted.key === undefined) {
        keepOnly(workspaceId, undefined);
        return undefined;
      }
      const secret = keyOf(workspaceId, wanted.key);
      if (secret === undefined || !isLongEnough(secret)) {
        tell(`${wanted.key.kind}:${wanted.key.name}`, secret !== undefined);
        return noEntryStore;
      }
      const { keyId, entries } = opened(secret);
      keepOnly(workspaceId, keyId);
      return entries;
    },
    close() {
      for (const { entries } of stores.values()) entries.close();
    },
  };

  function opened(secret: string): SealedStore {
    const known = stores.get(secret);
    if (known !== undefined) return known;
    const seal = createSeal(secret);
    const entries = createSqliteEntryStore({ store, clock, onProblem, memoryBytes, seal });
    const made = { keyId: seal.keyId, entries };
    stores.set(secret, made);
    return made;
  }

  function keepOnly(workspaceId: string, keyId: string | undefined): void {
    if (keptBy.has(workspaceId) && keptBy.get(workspaceId) === (keyId ?? '')) return;
    for (const { entries } of stores.values()) entries.flush();
    plain.removeOtherwiseSealed(workspaceId, keyId);
    keptBy.set(workspaceId, keyId ?? '');
  }

  function tell(reference: string, isShort: boolean): void {
    const message = sealKeyMissing(reference, isShort);
    if (!reported.has(message)) onProblem(message);
    reported.add(message);
  }
}
