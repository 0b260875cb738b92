import type { CacheSelection } from '../answerCache.ts';
import type { CacheEntry } from '../entry.ts';
import type { CacheClock, EntryPage, EntryStore, ListedEntry } from '../entryStore.ts';
import type { Neighbour } from '../vectors/vectorIndex.ts';
import {
  bytesOf,
  forgetCommands,
  neighboursOf,
  putCommands,
  removeCommands,
  sweepExpired,
  texts,
} from './redisCommands.ts';
import { type RedisKeys, redisKeys } from './redisKeys.ts';
import type { CommandPart, RedisLink } from './redisLink.ts';
import { isSelected, type SharedEntry, sharedEntryOf, sharedEntryText, statsOf } from './sharedEntry.ts';

export interface RedisEntryStoreDeps {
  readonly link: RedisLink;
  readonly prefix: string;
  readonly clock: CacheClock;
}

interface Parts {
  readonly keys: RedisKeys;
  readonly link: RedisLink;
  readonly clock: CacheClock;
}

/** Entries with equal canonical words that are looked at. */
const candidates = 8;
/** For what a person asked for: nobody's call waits for it. */
const patienceMs = 5_000;
const batch = 200;

/** A store in Redis, shared by all who name it. `forCall` gives each look-up its own 50 ms. */
export interface RedisEntryStore extends EntryStore {
  forCall(): EntryStore;
}

/** What all look-ups of one call may wait for Redis, together. */
const callBudgetMs = 50;

export function createRedisEntryStore(deps: RedisEntryStoreDeps): RedisEntryStore {
  const { link, clock } = deps;
  const keys = redisKeys(deps.prefix);
  const parts: Parts = { keys, link, clock };
  const later = (command: readonly CommandPart[]): Promise<unknown> => link.ask(command, patienceMs);

  const store: EntryStore = {
    ...readsOf(parts, (work) => work(patienceMs)),
    put: (entry, maxBytes) => {
      const text = sharedEntryText(entry);
      if (Buffer.byteLength(text) <= maxBytes) link.tell(putCommands(keys, entry, text));
    },
    used: (key) => link.tell([['ZINCRBY', keys.hits, '1', key]]),
    remove: async (key) => {
      const found = sharedEntryOf(await later(['GET', keys.entry(key)]));
      link.tell(found === undefined ? [] : removeCommands(keys, found));
      return found !== undefined;
    },
    bytesOf: async (workspaceId) => (await all(workspaceId)).reduce((sum, { bytes }) => sum + bytes, 0),
    forgetQuestions: (workspaceId) => {
      void all(workspaceId).then((entries) => link.tell(entries.flatMap((entry) => forgetCommands(keys, entry))));
    },
    clear: async (which) => {
      const found = (await all(which.workspaceId)).filter(({ entry }) => isSelected(entry, which));
      link.tell(found.flatMap((entry) => removeCommands(keys, entry)));
      return found.length;
    },
    sweep: (nowMs) => sweepExpired(keys, later, nowMs),
    stats: async (workspaceId) => statsOf(await all(workspaceId), hitsOf),
    list: (which, page) => list(which, page),
    flush: () => undefined,
    close: () => link.close(),
  };
  return { ...store, forCall: () => ({ ...store, ...readsOf(parts, callBudget(clock)) }) };

  async function hitsOf(key: string): Promise<number> {
    return Number((await later(['ZSCORE', keys.hits, key])) ?? 0);
  }

  async function list(which: CacheSelection, { beforeMs, limit }: EntryPage): Promise<readonly ListedEntry[]> {
    const before = beforeMs ?? Number.POSITIVE_INFINITY;
    const found = (await all(which.workspaceId))
      .filter(({ entry }) => isSelected(entry, which) && entry.createdAtMs < before)
      .toSorted((a, b) => b.entry.createdAtMs - a.entry.createdAtMs)
      .slice(0, limit);
    return Promise.all(found.map(async ({ entry, bytes }) => ({ entry, bytes, hits: await hitsOf(entry.key) })));
  }

  /** What a workspace has put here. Without one, nothing: a person's own entries only are theirs to see and to clear. */
  async function all(workspaceId: string | undefined): Promise<SharedEntry[]> {
    if (workspaceId === undefined) return [];
    const members = texts(await later(['ZRANGE', keys.workspace(workspaceId), '0', '-1']));
    const entries: SharedEntry[] = [];
    for (let start = 0; start < members.length; start += batch) {
      const some = members.slice(start, start + batch).map((key) => keys.entry(key));
      const found = await later(['MGET', ...some]);
      entries.push(...(Array.isArray(found) ? found : []).flatMap((text) => sharedEntryOf(text) ?? []));
    }
    return entries;
  }
}

type Reads = Pick<EntryStore, 'get' | 'byWording' | 'nearest'>;
/** How long a reader may wait for what it does. */
type Budget = <T>(work: (withinMs: number) => Promise<T>) => Promise<T | undefined>;

function readsOf({ keys, link, clock }: Parts, budget: Budget): Reads {
  const ask = (command: readonly CommandPart[]): Promise<unknown> => budget((withinMs) => link.ask(command, withinMs));
  return {
    get: (key) =>
      link.isUsable() ? ask(['GET', keys.entry(key)]).then((text) => sharedEntryOf(text)?.entry) : undefined,
    byWording: (wordingKey) => (link.isUsable() ? byWording(wordingKey) : []),
    nearest: (scope, vector, minScore, limit) => (link.isUsable() ? nearest(scope, vector, minScore, limit) : []),
  };

  async function byWording(wordingKey: string): Promise<CacheEntry[]> {
    const found = texts(await ask(['ZRANGE', keys.wording(wordingKey), '0', String(candidates - 1), 'REV']));
    if (found.length === 0) return [];
    const entries = await ask(['MGET', ...found.map((key) => keys.entry(key))]);
    return Array.isArray(entries) ? entries.flatMap((text) => sharedEntryOf(text)?.entry ?? []) : [];
  }

  async function nearest(scope: string, vector: Float32Array, minScore: number, limit: number): Promise<Neighbour[]> {
    const key = keys.vectors(scope);
    const alive = `.exp > ${Math.floor(clock.now() / 1000)}`;
    const reply = await ask([
      ...['VSIM', key, 'FP32', bytesOf(vector), 'WITHSCORES', 'COUNT', String(limit), 'FILTER', alive],
    ]);
    return neighboursOf(reply).filter(({ score }) => score >= minScore);
  }
}

/** All waits of one call together: reads at the same time count once. */
function callBudget(clock: CacheClock): Budget {
  let leftMs = callBudgetMs;
  let underWay = 0;
  let sinceMs = 0;
  return async (work) => {
    if (underWay === 0) sinceMs = clock.now();
    const withinMs = leftMs - (clock.now() - sinceMs);
    if (withinMs <= 0) return undefined;
    underWay++;
    try {
      return await work(withinMs);
    } finally {
      underWay--;
      if (underWay === 0) leftMs -= clock.now() - sinceMs;
    }
  };
}
