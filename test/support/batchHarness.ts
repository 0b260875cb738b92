import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { batchSchema } from '../../src/batch/batchSchema.ts';
import { type BatchRunner, type BatchRunnerDeps, createBatchRunner } from '../../src/batch/createBatchRunner.ts';
import type { Job } from '../../src/batch/job.ts';
import { nodeDisk } from '../../src/batch/nodeDisk.ts';
import type { BatchTiming } from '../../src/batch/timing.ts';
import { loadCatalog } from '../../src/catalog/loadCatalog.ts';
import type { Config } from '../../src/config/config.ts';
import { createLedger } from '../../src/ledger/createLedger.ts';
import type { CallWithAttempts, Ledger } from '../../src/ledger/ledger.ts';
import { ledgerSchema } from '../../src/ledger/ledgerSchema.ts';
import { openStore } from '../../src/store/openStore.ts';
import type { Store } from '../../src/store/store.ts';
import type { TokenCount } from '../../src/tokens/tokenCount.ts';

export const workspaceId = 'w1';

const prices: unknown = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../media/prices.json'), 'utf8'));
export const testCatalog = loadCatalog(prices);

/** One token per character: counts that a test can work out in its head. */
export const characterCounter = {
  count: (texts: readonly string[]): Promise<TokenCount[]> =>
    Promise.resolve(texts.map((text): TokenCount => ({ basis: 'exact', tokens: text.length }))),
};

/** So short that a job's whole life takes a moment. */
export const quickTiming: BatchTiming = {
  pollFloorMs: 2,
  demoPollFloorMs: 2,
  pollCeilingMs: 20,
  retryFloorMs: 2,
  blockedMs: 10,
  settleMs: 30,
  queueRetryMs: 5,
  queueGiveUpMs: 24 * 3_600_000,
};

/** A configuration with one OpenAI-shaped provider at a base URL. */
export function batchConfig(baseUrl: string, changes: Partial<Config> = {}, anthropicUrl?: string): Config {
  return {
    providers: {
      openai: { dialect: 'openai', baseUrl, apiKey: { kind: 'secret', name: 'openai' } },
      anthropic:
        anthropicUrl === undefined
          ? { dialect: 'anthropic', baseUrl: 'https://api.anthropic.com' }
          : { dialect: 'anthropic', baseUrl: anthropicUrl, apiKey: { kind: 'secret', name: 'anthropic' } },
    },
    aliases: {
      cheap: {
        targets: [{ provider: 'openai', model: 'gpt-4o-mini' }],
        maxInputTokens: 5000,
        maxOutputTokens: 100,
        onOverflow: 'error',
        fallback: { on: [], maxAttempts: 1, deadlineMs: 60_000 },
      },
    },
    tiers: [],
    router: { models: ['auto'], sticky: 'turn', stickyMs: 3_600_000, classifier: { mode: 'rules', timeoutMs: 2000 } },
    routes: [],
    cache: {
      scope: 'session',
      exact: { mode: 'auto', ttlMs: 1, maxBytes: 1 },
      semantic: { mode: 'off', embedder: 'lexical', threshold: 0.9, ttlMs: 1 },
      store: { kind: 'sqlite' },
    },
    budgets: [],
    attribution: { tags: [], pii: 'hash' },
    prices: { unpriced: 'warn', overrides: {} },
    reconcile: { toleranceRatio: 0.02, timezone: 'UTC' },
    ...changes,
  };
}

export interface BatchHarness {
  readonly folder: string;
  readonly dataFolder: string;
  readonly runner: BatchRunner;
  readonly ledger: Ledger;
  readonly store: Store;
  readonly ended: readonly Job[];
  readonly logged: readonly string[];
  keys: Record<string, string>;
  config: Config | undefined;
  /** Writes a file into the workspace; yields its path. */
  file(name: string, content: string | Uint8Array): string;
  read(name: string): string;
  submit(...paths: readonly string[]): Promise<readonly Job[]>;
  job(id: string): Job;
  /** Waits for a job to be as described; fails after half a minute with what it is like instead. */
  until(id: string, isSo: (job: Job) => boolean): Promise<Job>;
  /** Waits for something else; fails after half a minute. */
  settle(isSo: () => boolean): Promise<void>;
  end(id: string): Promise<Job>;
  calls(): readonly CallWithAttempts[];
  /** A new runner over the same database and folders; the old one is left as a killed process leaves it. */
  restart(changes?: Partial<BatchRunnerDeps>): void;
  dispose(): Promise<void>;
}

export interface HarnessOptions {
  readonly baseUrl?: string;
  readonly anthropicUrl?: string;
  readonly config?: Partial<Config>;
  readonly deps?: Partial<BatchRunnerDeps>;
}

export function createBatchHarness({
  baseUrl = 'http://127.0.0.1:9/v1',
  anthropicUrl,
  config,
  deps = {},
}: HarnessOptions): BatchHarness {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-batch-'));
  const dataFolder = join(folder, '.data');
  const store = openStore({ path: join(folder, 'test.db'), schemas: [ledgerSchema, batchSchema], clock: Date.now });
  const ledger = createLedger({
    store,
    onProblem: ({ error }) => {
      throw error;
    },
  });
  const ended: Job[] = [];
  const logged: string[] = [];
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `id${ids}`;
  };
  const log = (message: string, fields?: object): void => {
    logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
  };
  const make = (changes: Partial<BatchRunnerDeps>): BatchRunner =>
    createBatchRunner({
      store,
      ledger,
      catalogOf: () => testCatalog,
      tokenCounter: characterCounter,
      configOf: () => harness.config,
      keyOf: (_, { name }) => harness.keys[name],
      fetchFor: () => fetch,
      clock: {
        now: Date.now,
        startTimer: (ms, fire) => {
          const timer = setTimeout(fire, ms);
          return () => clearTimeout(timer);
        },
      },
      random: () => 0.5,
      newId,
      disk: nodeDisk(newId),
      dataFolder,
      onJobs: () => undefined,
      onJobEnded: (job) => ended.push(job),
      log: { debug: log, info: log, warn: log, error: log },
      timing: quickTiming,
      ...deps,
      ...changes,
    });
  const runners: BatchRunner[] = [];
  const harness = {
    folder,
    dataFolder,
    get runner(): BatchRunner {
      const runner = runners.at(-1);
      if (runner === undefined) throw new Error('no runner');
      return runner;
    },
    ledger,
    store,
    ended,
    logged,
    keys: { openai: 'test-key', anthropic: 'test-key' } as Record<string, string>,
    config: batchConfig(baseUrl, config, anthropicUrl) as Config | undefined,
    file: (name: string, content: string | Uint8Array) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    read: (name: string) => readFileSync(join(folder, name), 'utf8'),
    submit: async (...promptPaths: readonly string[]) => {
      const defaultModel = anthropicUrl === undefined ? 'gpt-4o-mini' : 'claude-haiku-4-5';
      const plan = await harness.runner.plan({ workspaceId, promptPaths, defaultModel, keepDuplicates: true });
      if (plan.refused.length > 0) throw new Error(`refused: ${JSON.stringify(plan.refused)}`);
      return harness.runner.submit(plan.id);
    },
    job: (id: string) => {
      const job = harness.runner.jobs(workspaceId).find((one) => one.id === id);
      if (job === undefined) throw new Error(`no job ${id}`);
      return job;
    },
    until: async (id: string, isSo: (job: Job) => boolean) => {
      for (let round = 0; round < 6000; round += 1) {
        const job = harness.job(id);
        if (isSo(job)) return job;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      throw new Error(`still ${JSON.stringify(harness.job(id))}\n${logged.join('\n')}`);
    },
    settle: async (isSo: () => boolean) => {
      for (let round = 0; round < 6000 && !isSo(); round += 1) await new Promise((resolve) => setTimeout(resolve, 5));
      if (!isSo()) throw new Error(`never so\n${logged.join('\n')}`);
    },
    end: async (id: string) => {
      const job = await harness.until(id, ({ collected, state }) => collected || state === 'lost');
      // The event follows the state at once, but not in the same turn.
      await new Promise((resolve) => setImmediate(resolve));
      return job;
    },
    calls: () => {
      ledger.flush();
      const spend = ledger.spend({ workspaceId, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, lastCalls: 100_000 });
      return spend.lastCalls;
    },
    restart: (changes: Partial<BatchRunnerDeps> = {}) => {
      runners.push(make(changes));
      harness.runner.start();
    },
    dispose: async () => {
      for (const runner of runners) await runner.stop();
      ledger.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  runners.push(make({}));
  return harness;
}
