import type { CacheConfig, KeyReference } from '../../config/config.ts';
import { parseKeyReference } from '../../config/fillDefaults.ts';
import type { CacheClock, EntryStore } from '../entryStore.ts';
import { sharedStoreUnreachable, sharedStoreUrlMissing } from '../errors.ts';
import { noEntryStore } from '../noEntryStore.ts';
import { createRedisEntryStore, type RedisEntryStore } from './createRedisEntryStore.ts';
import { createRedisLink, type RedisConnection, type RedisLink } from './redisLink.ts';

export interface SharedStoresDeps {
  readonly keyOf: (workspaceId: string, reference: KeyReference) => string | undefined;
  readonly open: (url: string) => Promise<RedisConnection>;
  readonly clock: CacheClock;
  readonly onProblem: (message: string) => void;
  readonly onRecovered: (message: string) => void;
}

export interface SharedStores {
  /** Where a configuration shares its answers; undefined = it does not. */
  of(config: CacheConfig, workspaceId: string): EntryStore | undefined;
  /** The Redis that a configuration names, whatever it shares there; undefined = it names none, or no address of one. */
  linkOf(config: Pick<CacheConfig, 'store'>, workspaceId: string): RedisLink | undefined;
  close(): void;
}

interface SharedStore {
  readonly link: RedisLink;
  readonly entries: RedisEntryStore;
}

const sweepEveryMs = 60_000;

/** One connection for each address, opened when a call first needs it. Only the scope `team` is shared. */
export function createSharedStores({ keyOf, open, clock, onProblem, onRecovered }: SharedStoresDeps): SharedStores {
  const stores = new Map<string, SharedStore>();
  const closing: (() => void)[] = [];
  const reported = new Set<string>();
  let isClosed = false;

  return {
    of({ scope, store }, workspaceId) {
      if (scope !== 'team' || store.kind !== 'redis') return undefined;
      return storeOf(store, workspaceId)?.entries.forCall() ?? noEntryStore;
    },
    linkOf: ({ store }, workspaceId) => (store.kind === 'redis' ? storeOf(store, workspaceId)?.link : undefined),
    close() {
      isClosed = true;
      for (const close of closing) close();
    },
  };

  function storeOf(
    store: { readonly url: string; readonly prefix: string },
    workspaceId: string,
  ): SharedStore | undefined {
    const url = addressOf(store.url, workspaceId);
    if (url === undefined) return undefined;
    const id = JSON.stringify([url, store.prefix]);
    const known = stores.get(id) ?? connect(url, store.prefix);
    stores.set(id, known);
    return known;
  }

  function addressOf(written: string, workspaceId: string): string | undefined {
    const isReference = /^(?:secret|env):/.test(written);
    const url = isReference ? keyOf(workspaceId, parseKeyReference(written)) : written;
    if (url !== undefined && /^rediss?:$/.test(URL.parse(url)?.protocol ?? '')) return url;
    if (!reported.has(written)) onProblem(sharedStoreUrlMissing(written));
    reported.add(written);
    return undefined;
  }

  function connect(url: string, prefix: string): SharedStore {
    const name = URL.parse(url)?.host ?? 'redis';
    const link = createRedisLink({ connection: lateConnection(url, name), name, clock, onProblem, onRecovered });
    const store = createRedisEntryStore({ link, prefix, clock });
    let cancel = (): void => {};
    const sweepLater = (): void => {
      cancel = clock.startTimer(sweepEveryMs, () => {
        void Promise.resolve(store.sweep(clock.now())).then(() => {
          if (!isClosed) sweepLater();
        });
      });
    };
    sweepLater();
    closing.push(() => {
      cancel();
      store.close();
    });
    return { link, entries: store };
  }

  /** A connection whose library is still being loaded. */
  function lateConnection(url: string, name: string): RedisConnection {
    let opened: RedisConnection | undefined;
    const opening = open(url).then((connection) => {
      opened = connection;
      if (isClosed) connection.close();
      return connection;
    });
    opening.catch((error: unknown) => onProblem(sharedStoreUnreachable(name, error)));
    const whenOpen = (act: (connection: RedisConnection) => void): void => {
      // That it did not open is told above.
      opening.then(act, () => undefined);
    };
    return {
      send: (command) => (opened === undefined ? Promise.reject(new Error('not connected')) : opened.send(command)),
      get isReady() {
        return opened?.isReady ?? false;
      },
      onReady: (listener) => whenOpen((connection) => connection.onReady(listener)),
      onError: (listener) => whenOpen((connection) => connection.onError(listener)),
      close: () => opened?.close(),
    };
  }
}
