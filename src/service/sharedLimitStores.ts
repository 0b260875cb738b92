import type { SharedStore } from '../budget/createSharedSpending.ts';
import type { RedisLink } from '../cache/redis/redisLink.ts';
import type { Config } from '../config/config.ts';

export interface SharedLimitStoresDeps {
  readonly linkOf: (config: Config, workspaceId: string) => RedisLink | undefined;
  /** Resolves after `ms`. */
  readonly wait: (ms: number) => Promise<void>;
  /** How long a call waits for an answer. */
  readonly withinMs: number;
}

/** The first call of a service comes while it still connects. */
const connectMs = 1_000;
const lookEveryMs = 20;

/** The Redis that a team shares as its spending limits use it. */
export function createSharedLimitStores({ linkOf, wait, withinMs }: SharedLimitStoresDeps) {
  const stores = new WeakMap<RedisLink, Map<string, SharedStore>>();

  const storeOn = (link: RedisLink, prefix: string): SharedStore => {
    const connected = untilConnected(link);
    return {
      prefix,
      run: async (script, keys, args) => {
        await connected;
        return link.ask(['EVAL', script, String(keys.length), ...keys, ...args], withinMs);
      },
    };
  };
  const untilConnected = async (link: RedisLink): Promise<void> => {
    for (let waitedMs = 0; waitedMs < connectMs && !link.isUsable(); waitedMs += lookEveryMs) await wait(lookEveryMs);
  };
  return (config: Config, workspaceId: string): SharedStore | undefined => {
    const { store } = config.cache;
    const link = store.kind === 'redis' ? linkOf(config, workspaceId) : undefined;
    if (store.kind !== 'redis' || link === undefined) return undefined;
    const ofLink = stores.get(link) ?? new Map<string, SharedStore>();
    stores.set(link, ofLink);
    const known = ofLink.get(store.prefix) ?? storeOn(link, store.prefix);
    ofLink.set(store.prefix, known);
    return known;
  };
}
