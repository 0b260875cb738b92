import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { BatchClock } from '../batch/batchClock.ts';
import { batchSchema } from '../batch/batchSchema.ts';
import { createBatchRunner } from '../batch/createBatchRunner.ts';
import { BatchError } from '../batch/errors.ts';
import { nodeDisk } from '../batch/nodeDisk.ts';
import type { ObjectToSpending } from '../batch/planSpending.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import { demoBaseUrl } from '../config/demoBaseUrl.ts';
import type { Schema } from '../store/store.ts';
import type { TokenCounter } from '../tokens/tokenCount.ts';
import type { BatchOperations } from './batchControl.ts';
import { batchFetch } from './batchFetch.ts';
import type { DemoAnswer } from './demo/createDemoAnswer.ts';
import { createDemoFetch } from './demo/createDemoFetch.ts';
import type { DemoBatchApi } from './demo/demoBatchApi.ts';
import { batchExpiring, batchRefused } from './errors.ts';
import type { PipelineContext } from './pipeline.ts';

export interface ServiceBatchDeps {
  readonly context: Pick<
    PipelineContext,
    'folder' | 'store' | 'ledger' | 'keys' | 'log' | 'publish' | 'notify' | 'ownPort'
  >;
  readonly catalogOf: (workspaceId: string) => Catalog;
  /** Undefined = no such workspace. */
  readonly configOf: (workspaceId: string) => Config | undefined;
  readonly confirmedUpstream: (workspaceId: string, provider: string) => string | undefined;
  readonly tokenCounter: TokenCounter;
  /** Tells the spending limits of money that was spent. */
  readonly book: (workspaceId: string, picoUsd: bigint) => void;
  readonly objectToSpending: ObjectToSpending;
  readonly clock: BatchClock;
  readonly demoBatches: DemoBatchApi;
  readonly demoAnswer: DemoAnswer;
}

/** The batch room within the service. */
export interface ServiceBatch {
  readonly operations: BatchOperations;
  /** By workspace, the most that submitted jobs can still cost. Picodollars. */
  moneyUnderWay(): ReadonlyMap<string, bigint>;
  start(): void;
  /** A key or the configuration changed. */
  wake(): void;
  close(): Promise<void>;
}

export const serviceBatchSchema: Schema = batchSchema;

export function createServiceBatch(deps: ServiceBatchDeps): ServiceBatch {
  const { folder, store, ledger, keys, log, publish } = deps.context;
  const demoFetch = createDemoFetch(deps.demoBatches, deps.demoAnswer);
  const runner = createBatchRunner({
    store,
    ledger,
    catalogOf: deps.catalogOf,
    tokenCounter: deps.tokenCounter,
    book: deps.book,
    objectToSpending: deps.objectToSpending,
    onExpiring: (job, untilMs) => deps.context.notify(batchExpiring(job, untilMs)),
    configOf: deps.configOf,
    keyOf: keys.of,
    confirmedUpstream: deps.confirmedUpstream,
    fetchFor: (baseUrl) =>
      baseUrl.startsWith(demoBaseUrl) ? demoFetch : batchFetch(baseUrl, deps.context.ownPort(), fetch),
    clock: deps.clock,
    random: Math.random,
    newId: randomUUID,
    disk: nodeDisk(randomUUID),
    dataFolder: join(folder, 'batch'),
    onJobs: (workspaceId, jobs) => publish(workspaceId, { type: 'jobs', jobs }),
    onJobEnded: (job) => publish(job.workspaceId, { type: 'jobEnded', job }),
    log,
  });
  return {
    operations: {
      plan: runner.plan,
      planAgain: (jobId) => refusing(runner.planAgain(jobId)),
      tryOne: (planId) => refusing(runner.tryOne(planId)),
      submit: (planId) => refusing(runner.submit(planId)),
      jobs: runner.jobs,
      items: (jobId, from, limit) => refusing((async () => runner.items(jobId, from, limit))()),
      cancel: (jobId) => refusing(runner.cancel(jobId)),
      collect: (jobId) => refusing(runner.collect(jobId)),
      forget: (jobId) => refusing(runner.forget(jobId)),
    },
    moneyUnderWay: runner.moneyUnderWay,
    start: runner.start,
    wake: runner.wake,
    close: runner.stop,
  };
}

async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof BatchError ? batchRefused(error.reason, error.message) : error;
  }
}
