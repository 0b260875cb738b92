import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPromptCounter } from '../budget/promptCounter.ts';
import { machineSpender } from '../budget/spendingScope.ts';
import { surelyCounting } from '../budget/surelyCounting.ts';
import { cacheSchema } from '../cache/cacheSchema.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { usesDemo } from '../config/usesDemo.ts';
import { createProxy } from '../proxy/createProxy.ts';
import { createUndiciUpstream } from '../proxy/undiciUpstream.ts';
import type { Schema } from '../store/store.ts';
import { createTokenCounter } from '../tokens/createTokenCounter.ts';
import type { TokenWorker } from '../tokens/tokenWorker.ts';
import { batchSpending } from './batchSpending.ts';
import { createReconciliations } from './createReconciliations.ts';
import { createServiceBatch, serviceBatchSchema } from './createServiceBatch.ts';
import { createServiceCache, type EncoderAssets } from './createServiceCache.ts';
import { createServiceLimits } from './createServiceLimits.ts';
import { createServiceRouting } from './createServiceRouting.ts';
import { createTimeOrderedIds } from './createTimeOrderedIds.ts';
import { createDemoAnswer } from './demo/createDemoAnswer.ts';
import { createDemoUpstream } from './demo/createDemoUpstream.ts';
import { openDemoBatches } from './demo/openDemoBatches.ts';
import { createGitHeads, withGitHead } from './gitHead.ts';
import { homeAt } from './home.ts';
import { defaultLimits } from './http/server.ts';
import { raiseSchema } from './limitRaises.ts';
import type { Pipeline, PipelineContext } from './pipeline.ts';
import { createPriceSource } from './priceSource.ts';
import { machineClock } from './proxyClock.ts';
import { refuseOwnAddress } from './refuseOwnAddress.ts';
import { routeSchema } from './routeMemory.ts';
import { createWorkspaceConfigs } from './workspaceConfigs.ts';

export interface PipelineAssets {
  /** The content of `media/prices.json`: in force unless the user took over others. */
  readonly prices: unknown;
  readonly spawnWorker: () => TokenWorker;
  readonly encoder: EncoderAssets;
  /** Plain http is meant where the user wrote it: in a configuration given on the command line. */
  readonly configIsUsers: boolean;
}

/** The tables of the rooms that are put together here. */
export const pipelineSchemas: readonly Schema[] = [cacheSchema, serviceBatchSchema, routeSchema, raiseSchema];

const sweepMs = 5 * 60_000;
const connectTimeoutMs = 10_000;
const maxConnections = 256;
/** Providers answer long prompts after minutes; the vendors' SDKs give up after ten. */
const firstByteMs = 10 * 60_000;
const idleMs = 5 * 60_000;

/** Puts the rooms together: the composition root of the service. */
export function createServicePipeline(assets: PipelineAssets): (context: PipelineContext) => Pipeline {
  return (context) => {
    const { workspaces, keys, identity, ledger, log } = context;
    const clock = machineClock;
    const tokenCounter = createTokenCounter({ spawnWorker: assets.spawnWorker });
    const prompts = createPromptCounter(
      surelyCounting(tokenCounter, (error) =>
        log.warn('prompts could not be counted; their length is used', {
          error: error instanceof Error ? error.name : 'unknown',
        }),
      ),
    );
    const { pricesPath } = homeAt(context.folder);
    const prices = createPriceSource({ path: pricesPath, shipped: assets.prices, clock: clock.now, log });
    const configs = createWorkspaceConfigs({
      workspaceOf: workspaces.get,
      loadCatalog: (options) => loadCatalog(prices.data(), { ...options, nowMs: clock.now() }),
      pricesStamp: prices.stamp,
      onChange: (workspaceId, status) => {
        context.publish(workspaceId, { type: 'config', status });
        batch.wake();
      },
      log,
      clock: clock.now,
    });
    const confirmedUpstream = (workspaceId: string, provider: string): string | undefined =>
      workspaces.get(workspaceId)?.confirmedUpstreams[provider];
    const upstream = createUndiciUpstream({
      connectTimeoutMs,
      maxConnections,
      allowsPlainHttp: (url) => assets.configIsUsers || workspaces.hasConfirmed(url.origin),
    });
    const gitHeadOf = createGitHeads(clock.now);
    const catalog: Pick<Catalog, 'lookup' | 'models'> = {
      lookup: (model, provider) => configs.listedCatalog().lookup(model, provider),
      models: () => configs.listedCatalog().models(),
    };
    const demoAnswer = createDemoAnswer({ tokenCounter, catalog, now: clock.now });
    const demoBatches = openDemoBatches({
      folder: join(context.folder, 'demo'),
      answer: demoAnswer,
      now: clock.now,
      log,
    });
    const {
      limits,
      spending,
      statesOf,
      standingsOf,
      raise,
      close: closeLimits,
    } = createServiceLimits({
      context,
      catalogOf: configs.catalogOf,
      configOf: configs.configOf,
      prompts,
      clock,
      linkOf: (config, workspaceId) => cache.linkOf(config, workspaceId),
      underWay: () => batch.moneyUnderWay(),
    });
    const batch = createServiceBatch({
      context,
      catalogOf: configs.catalogOf,
      configOf: (workspaceId) =>
        workspaces.get(workspaceId) === undefined ? undefined : configs.configOf(workspaceId),
      confirmedUpstream,
      tokenCounter,
      book: (workspaceId, picoUsd) => spending.book(machineSpender(workspaceId), picoUsd),
      objectToSpending: batchSpending(spending, configs.configOf),
      clock,
      demoBatches,
      demoAnswer,
    });
    const cache = createServiceCache({
      context,
      encoder: assets.encoder,
      configOf: configs.configOf,
      catalogOf: configs.catalogOf,
      confirmedUpstream,
    });
    const { answerCache } = cache;
    const routing = createServiceRouting({ context, configOf: configs.configOf, now: clock.now });
    let warming: NodeJS.Immediate | undefined;
    const sweeping = setInterval(() => answerCache.sweep(), sweepMs);
    const proxy = createProxy({
      clock,
      newId: createTimeOrderedIds(),
      random: Math.random,
      catalogOf: configs.catalogOf,
      configOf: configs.configOf,
      keyOf: keys.of,
      confirmedUpstream,
      upstream: refuseOwnAddress(upstream.send, context.ownPort),
      demoUpstream: createDemoUpstream({ answer: demoAnswer, catalog, batches: demoBatches }),
      ledger,
      answerCache,
      limits,
      quality: routing.quality,
      tokenCounter,
      prompts,
      log,
      pseudonymKey: identity.pseudonymKey,
      timeouts: { firstByteMs, idleMs },
      maxBodyBytes: defaultLimits.maxBodyBytes,
    });

    return {
      handle: (request) => {
        const folder = workspaces.get(request.workspaceId)?.folder;
        return proxy.handle(folder === undefined ? request : withGitHead(request, gitHeadOf(folder)));
      },
      configStatus: configs.statusOf,
      isDemo: (workspaceId) => usesDemo(configs.configOf(workspaceId)),
      workspaceChanged: (workspaceId) => {
        configs.reload(workspaceId);
        batch.wake();
      },
      keysChanged: batch.wake,
      calibrateCache: cache.calibrate,
      cacheTrust: cache.trust,
      judgeCache: cache.judge,
      clearCache: cache.clear,
      cachedAnswers: cache.list,
      forgetAnswer: cache.forget,
      routes: routing.report,
      limits: statesOf,
      limitStandings: standingsOf,
      raiseLimit: raise,
      batch: batch.operations,
      reconciliations: createReconciliations({
        store: context.store,
        ledger,
        catalogOf: configs.catalogOf,
        configOf: configs.configOf,
        fetch,
        readFile: (path) => readFile(path, 'utf8'),
        now: clock.now,
      }),
      start: () => {
        batch.start();
        // Reading the prices takes longer than the first call should wait.
        warming = setImmediate(() => void configs.listedCatalog());
      },
      close: async () => {
        clearImmediate(warming);
        await batch.close();
        configs.close();
        await upstream.close();
        await proxy.settled();
        closeLimits();
        clearInterval(sweeping);
        routing.close();
        await cache.close();
        await tokenCounter.dispose();
      },
    };
  };
}
