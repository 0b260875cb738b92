import type { CacheSelection, KeptAnswerCache } from '../cache/answerCache.ts';
import { type CalibrationReport, calibrate } from '../cache/calibration/calibrate.ts';
import { developerPairs } from '../cache/calibration/developerPairs.ts';
import { createAnswerCache } from '../cache/createAnswerCache.ts';
import { createEmbedders } from '../cache/embedders/createEmbedders.ts';
import type { Embedder } from '../cache/embedders/embedder.ts';
import type { EncoderStart } from '../cache/embedders/onnx/encoderMessages.ts';
import { createInstalledEncoders } from '../cache/embedders/onnx/installedEncoders.ts';
import type { EncoderThread } from '../cache/embedders/onnx/spawnEncoder.ts';
import { keptAnswerOf } from '../cache/keptAnswer.ts';
import type { MaybePromise } from '../cache/maybePromise.ts';
import { createSharedStores } from '../cache/redis/createSharedStores.ts';
import { openRedisClient } from '../cache/redis/openRedisClient.ts';
import type { RedisLink } from '../cache/redis/redisLink.ts';
import { createSealedStores } from '../cache/sealed/createSealedStores.ts';
import type { CachedPair } from '../cache/trust/cachedPair.ts';
import { type TrustReport, trustReport } from '../cache/trust/trustReport.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import { parseTarget } from '../config/fillDefaults.ts';
import type { CalibrateCache, JudgeCache, WhichAnswers } from './api.ts';
import type { CacheOperations } from './cacheControl.ts';
import { createEmbeddingRows } from './embeddingRows.ts';
import {
  cacheProblem,
  embedderNotAsked,
  encoderNotice,
  noSuchEmbedder,
  noSuchPair,
  sharedCacheNotice,
} from './errors.ts';
import { createHttpEmbedders } from './httpEmbedders.ts';
import type { PipelineContext } from './pipeline.ts';
import { machineClock } from './proxyClock.ts';

/** More than are remembered. */
const allPairs = 1000;

/** `openai/gpt-4o`: provider and model; the model may hold further slashes. */
function selectionOf({ workspaceId, model, session }: WhichAnswers): CacheSelection {
  const target = model === undefined ? {} : parseTarget(model);
  return { workspaceId, ...target, ...(session === undefined ? {} : { session }) };
}

/** Opened answers in front of an encrypted store. */
const sealedMemoryBytes = 8 * 1024 * 1024;

/** How the sentence encoder's thread is started. */
export interface EncoderAssets {
  readonly runtimePath: string;
  readonly spawn: (start: EncoderStart) => EncoderThread;
}

export interface ServiceCacheDeps {
  readonly context: PipelineContext;
  readonly encoder: EncoderAssets;
  readonly configOf: (workspaceId: string) => Config;
  readonly catalogOf: (workspaceId: string) => Catalog;
  readonly confirmedUpstream: (workspaceId: string, provider: string) => string | undefined;
}

export interface ServiceCache {
  readonly answerCache: KeptAnswerCache;
  clear: CacheOperations['clearCache'];
  list: CacheOperations['cachedAnswers'];
  forget: CacheOperations['forgetAnswer'];
  /** Scores an embedder; throws `ControlRefused` where it cannot be asked. */
  calibrate(request: CalibrateCache): Promise<CalibrationReport>;
  trust(workspaceId: string, limit: number): TrustReport;
  /** Throws `ControlRefused` where the pair is gone. */
  judge(request: JudgeCache): Promise<CachedPair>;
  /** The Redis of a team that a configuration names. */
  linkOf(config: Config, workspaceId: string): RedisLink | undefined;
  close(): Promise<void>;
}

/** The answer cache with what it uses besides the database: embedders, and a team's store. */
export function createServiceCache(deps: ServiceCacheDeps): ServiceCache {
  const { context, encoder, catalogOf } = deps;
  const { store, keys, notify, folder, ledger } = context;
  const clock = machineClock;
  const sharedStores = createSharedStores({
    keyOf: keys.of,
    open: openRedisClient,
    clock,
    onProblem: (message) => notify(sharedCacheNotice('warning', message)),
    onRecovered: (message) => notify(sharedCacheNotice('info', message)),
  });
  const sealedStores = createSealedStores({
    store,
    clock,
    keyOf: keys.of,
    onProblem: (message) => notify(cacheProblem(message)),
    memoryBytes: sealedMemoryBytes,
  });
  const rows = createEmbeddingRows({ ledger, catalogOf, startTimer: clock.startTimer });
  const installed = createInstalledEncoders({
    home: folder,
    ...encoder,
    clock,
    onProblem: (message) => notify(encoderNotice(message)),
  });
  const asked = createHttpEmbedders({ ...deps, keyOf: keys.of, ownPort: context.ownPort, clock, rows });
  const embedders = createEmbedders({ onnx: installed.of, http: asked.of });
  const answerCache = createAnswerCache({
    store,
    clock,
    onProblem: (message) => notify(cacheProblem(message)),
    embedderOf: embedders.of,
    sharedStoreOf: (config, workspaceId) =>
      sharedStores.of(config, workspaceId) ?? sealedStores.of(config, workspaceId),
    configOf: (workspaceId) => deps.configOf(workspaceId).cache,
  });
  const findEmbedder = (name: string, workspaceId: string): MaybePromise<Embedder | undefined> =>
    name.startsWith('onnx:')
      ? installed.find(name.slice('onnx:'.length))
      : embedders.of({ embedder: name }, workspaceId);
  return {
    answerCache,
    clear: async (which) => answerCache.clear(selectionOf(which)),
    list: async (which, page) => ({
      answers: (await answerCache.list(selectionOf(which), page)).map(keptAnswerOf),
      stats: await answerCache.stats(which.workspaceId),
    }),
    forget: async ({ workspaceId, entryId, isWrong }) => {
      const pairs = isWrong ? answerCache.pairs({ workspaceId, unjudged: true, limit: allPairs }) : [];
      const last = pairs.find((pair) => pair.entryId === entryId);
      if (last !== undefined) await answerCache.judge(workspaceId, last.id, 'wrong');
      const removed = await answerCache.forget(workspaceId, entryId);
      return { removed: removed || last !== undefined, judged: last !== undefined && last.kind !== 'exact' };
    },
    calibrate: async ({ workspaceId, embedder: named, falseHitRate }) => {
      const name = named ?? deps.configOf(workspaceId).cache.semantic.embedder;
      const embedder = await findEmbedder(name, workspaceId);
      if (embedder === undefined) throw noSuchEmbedder(name);
      const judged = answerCache.judged(workspaceId);
      try {
        return await calibrate({ embedder, pairs: developerPairs(), judged, falseHitRate });
      } catch (error) {
        throw embedderNotAsked(name, error);
      }
    },
    trust: (workspaceId, limit) =>
      trustReport(answerCache.pairs({ workspaceId, reworded: true, limit }), answerCache.judged(workspaceId)),
    judge: async ({ workspaceId, pairId, verdict }) => {
      const pair = await answerCache.judge(workspaceId, pairId, verdict);
      if (pair === undefined) throw noSuchPair();
      return pair;
    },
    linkOf: ({ cache }, workspaceId) => sharedStores.linkOf(cache, workspaceId),
    close: async () => {
      answerCache.close();
      sharedStores.close();
      sealedStores.close();
      rows.flush();
      await installed.close();
    },
  };
}
