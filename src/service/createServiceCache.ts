import type { KeptAnswerCache } from '../cache/answerCache.ts';
import { createAnswerCache } from '../cache/createAnswerCache.ts';
import { createSharedStores } from '../cache/redis/createSharedStores.ts';
import { openRedisClient } from '../cache/redis/openRedisClient.ts';
import { cacheProblem, sharedCacheNotice } from './errors.ts';
import type { PipelineContext } from './pipeline.ts';
import { machineClock } from './proxyClock.ts';

export interface ServiceCache {
  readonly answerCache: KeptAnswerCache;
  close(): Promise<void>;
}

/** The answer cache with what it uses besides the database: a team's store. */
export function createServiceCache({ store, keys, notify }: PipelineContext): ServiceCache {
  const clock = machineClock;
  const sharedStores = createSharedStores({
    keyOf: keys.of,
    open: openRedisClient,
    clock,
    onProblem: (message) => notify(sharedCacheNotice('warning', message)),
    onRecovered: (message) => notify(sharedCacheNotice('info', message)),
  });
  const answerCache = createAnswerCache({
    store,
    clock,
    onProblem: (message) => notify(cacheProblem(message)),
    sharedStoreOf: sharedStores.of,
  });
  return {
    answerCache,
    close: async () => {
      answerCache.close();
      sharedStores.close();
    },
  };
}
