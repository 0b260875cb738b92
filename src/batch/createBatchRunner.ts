import type { Catalog } from '../catalog/catalog.ts';
import type { Config, KeyReference } from '../config/config.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Store } from '../store/store.ts';
import type { TokenCounter } from '../tokens/tokenCount.ts';
import type { BatchClock } from './batchClock.ts';
import { type BatchDisk, diskErrorCode } from './batchDisk.ts';
import type { BatchLog } from './batchLog.ts';
import { blockedBecause, connect } from './connect.ts';
import { createPlanner, type PlanRequest } from './createPlanner.ts';
import { spoolPathsOf } from './downloadResults.ts';
import { emptyPlan, nothingToRepeat, notTried, overLimit, stillRunning, unknownJob, unknownPlan } from './errors.ts';
import { createFollower } from './followJobs.ts';
import { inputPathOf } from './inputPath.ts';
import type { BatchPlan, Job, JobItem, SpendingObjection, TriedRequest } from './job.ts';
import { endedStates, type JobRecord, present, toItem, toJob } from './jobRecord.ts';
import { createJobStore } from './jobStore.ts';
import { type BatchLimits, documentedLimits } from './limits.ts';
import { type ObjectToSpending, spendingOf } from './planSpending.ts';
import { repeatOf } from './repeatJob.ts';
import { sweepFolder } from './sweepFolder.ts';
import { type BatchTiming, defaultTiming } from './timing.ts';
import { tryRequest } from './tryRequest.ts';

/** Everything the runner needs from outside. */
export interface BatchRunnerDeps {
  /** Holds `batchSchema`. */
  readonly store: Store;
  readonly ledger: Pick<Ledger, 'record' | 'flush'>;
  /** Prices as this workspace's overrides make them. */
  readonly catalogOf: (workspaceId: string) => Catalog;
  readonly tokenCounter: Pick<TokenCounter, 'count'>;
  /** Tells the spending limits what a job cost, as it becomes known. */
  readonly book?: (workspaceId: string, picoUsd: bigint) => void;
  /** Asked before anything is sent; absent = there are no spending limits. */
  readonly objectToSpending?: ObjectToSpending;
  /** A job's results will be deleted by the provider and are not here yet; told once. */
  readonly onExpiring?: (job: Job, untilMs: number) => void;
  /** Undefined = the workspace is not known, or its folder is gone. */
  readonly configOf: (workspaceId: string) => Config | undefined;
  /** The key itself, from the service's memory or environment. */
  readonly keyOf: (workspaceId: string, reference: KeyReference) => string | undefined;
  /** A base URL the user confirmed for this provider; wins over the configured one. */
  readonly confirmedUpstream?: (workspaceId: string, provider: string) => string | undefined;
  /** How requests to this base URL are sent; for `demo:` within the process. */
  readonly fetchFor: (baseUrl: string) => typeof fetch;
  readonly clock: BatchClock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** A new unique id, of letters, digits, `-` and `_`. */
  readonly newId: () => string;
  readonly disk: BatchDisk;
  /** Absolute; the room's own: what waits to be sent, what was fetched, results whose folder is gone. */
  readonly dataFolder: string;
  /** All jobs of a workspace, newest first, after something changed; at most a few times a second. */
  readonly onJobs: (workspaceId: string, jobs: readonly Job[]) => void;
  /** Once per job, when nothing more is going to happen to it. */
  readonly onJobEnded: (job: Job) => void;
  readonly log: BatchLog;
  /** Instead of the documented ones. */
  readonly limits?: BatchLimits;
  readonly timing?: Partial<BatchTiming>;
}

/** Plans, submits, follows and collects batch jobs. Made by `createBatchRunner`. */
export interface BatchRunner {
  /** Never rejects for what is in the files; see `BatchPlan.refused`. */
  plan(request: PlanRequest): Promise<BatchPlan>;
  /**
   * Puts the plan's jobs on disk and returns at once; sending goes on by itself. Twice the same plan is once.
   * Rejects with `BatchError` `unknownPlan`, `emptyPlan`, `overLimit`.
   */
  submit(planId: string): Promise<readonly Job[]>;
  /**
   * Runs one request of a plan at once, at standard price, before anything is submitted. Rejects with `unknownPlan`,
   * `notTried` (no key, no provider), `overLimit`.
   */
  tryOne(planId: string): Promise<TriedRequest>;
  /** By workspace, the most that submitted jobs can still cost. Picodollars. */
  moneyUnderWay(): ReadonlyMap<string, bigint>;
  /** Newest first, each with its first items. */
  jobs(workspaceId: string): readonly Job[];
  /** Items of a job from a place on. Throws `unknownJob`. */
  items(jobId: string, from: number, limit: number): readonly JobItem[];
  /**
   * Plans again what of an ended job has no answer, from the prompt files as they are now. Rejects with `unknownJob`,
   * `stillRunning`, `nothingToRepeat`.
   */
  planAgain(jobId: string): Promise<BatchPlan>;
  /** Asks for it; what was answered by then is still collected. Rejects with `unknownJob`. */
  cancel(jobId: string): Promise<Job>;
  /** Looks now instead of later; a collected job's deleted results are written again. Rejects with `unknownJob`. */
  collect(jobId: string): Promise<Job>;
  /** Removes the job from the list; its results and ledger rows stay. Rejects with `unknownJob`, `stillRunning`. */
  forget(jobId: string): Promise<void>;
  /** Takes up whatever had not ended. */
  start(): void;
  /** Something that jobs may have waited for changed: a key, the configuration. */
  wake(): void;
  /** Ends all waiting; resolves when nothing is under way. Jobs go on with the next `start`. */
  stop(): Promise<void>;
}

const plansKeptMs = 24 * 3_600_000;
/** Items that a job is told with; the rest is asked for. */
const shownItems = 200;
const tellEveryMs = 250;
const startSpreadMs = 50;
/** Whoever asks to collect is told how far it came by then; a large job goes on. */
const collectWaitMs = 5_000;

/** The batch room's one entry. */
export function createBatchRunner(deps: BatchRunnerDeps): BatchRunner {
  const jobs = createJobStore(deps.store, (job) => teller.changed(job.workspaceId));
  const { clock, disk, dataFolder } = deps;
  const timing: BatchTiming = { ...defaultTiming, ...deps.timing };
  const confirmedUpstream = deps.confirmedUpstream ?? (() => undefined);
  const jobOf = (record: JobRecord): Job =>
    toJob(record, jobs.itemsFrom(record.id, 0, shownItems), jobs.totals(record.id));
  const jobsOf = (workspaceId: string): readonly Job[] => jobs.jobsOf(workspaceId).map(jobOf).toReversed();
  const teller = createTeller(clock, (workspaceId) => deps.onJobs(workspaceId, jobsOf(workspaceId)));
  const trying = new AbortController();
  const book = deps.book ?? (() => undefined);
  const { limits: ownLimits } = deps;
  const objectionTo = (
    records: readonly JobRecord[],
    spending = spendingOf(records),
  ): SpendingObjection | undefined => {
    const [first] = records;
    return first && deps.objectToSpending?.(first.workspaceId, spending);
  };
  const problemOf = (record: JobRecord | undefined): string | undefined =>
    record && blockedBecause(record, { ...deps, confirmedUpstream });
  const planFiles = createPlanner({
    ...deps,
    jobs,
    confirmedUpstream,
    limitsOf: ownLimits === undefined ? documentedLimits : () => ownLimits,
    now: () => clock.now(),
  });
  const follower = createFollower({
    ...deps,
    jobs,
    confirmedUpstream,
    timing,
    book,
    onEnded: (record) => deps.onJobEnded(jobOf(record)),
    onExpiring: (record, untilMs) => deps.onExpiring?.(jobOf(record), untilMs),
  });
  const plan = async (request: PlanRequest): Promise<BatchPlan> => {
    const planned = await planFiles(request);
    const records = jobs.planned(planned.id);
    const objection = objectionTo(records);
    const told = planned.jobs.map((job, place) => ({ ...job, ...present('problem', problemOf(records[place])) }));
    return { ...planned, jobs: told, ...present('objection', objection) };
  };
  let swept: Promise<void> = Promise.resolve();
  const known = (jobId: string): JobRecord => {
    const record = jobs.job(jobId);
    if (record === undefined || record.state === 'planned') throw unknownJob();
    return record;
  };
  const dropStalePlans = async (): Promise<void> => {
    for (const id of jobs.dropPlans(clock.now() - plansKeptMs)) await disk.remove(inputPathOf(dataFolder, id));
  };

  return {
    plan: async (request) => {
      await swept;
      await dropStalePlans();
      return plan(request);
    },
    submit: async (planId) => {
      // In one turn with what follows: two submissions cannot pass a limit together.
      const objection = objectionTo(jobs.planned(planId));
      if (objection !== undefined) throw overLimit(objection);
      const records = jobs.submitPlan(planId, clock.now());
      if (records === undefined) throw unknownPlan();
      if (records.length === 0) throw emptyPlan();
      for (const { id, workspaceId } of records) {
        follower.follow(id);
        teller.changed(workspaceId);
      }
      return records.map(jobOf);
    },
    tryOne: async (planId) => {
      const record = jobs.firstOfPlan(planId);
      const [item] = record === undefined ? [] : jobs.itemsFrom(record.id, 0, 1);
      if (record?.state !== 'planned' || item === undefined) throw unknownPlan();
      const objection = objectionTo([record], spendingOf([{ ...record, worstPicoUsd: record.tryPicoUsd }]));
      if (objection !== undefined) throw overLimit(objection);
      const connection = await connect(record, {
        ...deps,
        confirmedUpstream,
        startTimer: clock.startTimer,
        now: () => clock.now(),
        signal: trying.signal,
      });
      if (connection.kind === 'blocked') throw notTried(connection.problem);
      return tryRequest(record, item, connection.provider, { ...deps, book, now: () => clock.now() });
    },
    moneyUnderWay: jobs.moneyUnderWay,
    jobs: jobsOf,
    items: (jobId, from, limit) => jobs.itemsFrom(known(jobId).id, from, limit).map(toItem),
    planAgain: async (jobId) => {
      const record = known(jobId);
      if (!record.collected && record.state !== 'lost') throw stillRunning();
      const request = repeatOf(record, jobs.items(jobId));
      if (request === undefined) throw nothingToRepeat();
      await swept;
      return plan(request);
    },
    cancel: async (jobId) => {
      const record = known(jobId);
      if (endedStates.has(record.state)) return jobOf(record);
      const asked = jobs.update(jobId, { cancelRequested: true });
      follower.follow(jobId);
      return jobOf(asked);
    },
    collect: async (jobId) => {
      await atMost(follower.collect(known(jobId)), collectWaitMs, clock);
      return jobOf(known(jobId));
    },
    forget: async (jobId) => {
      const record = known(jobId);
      if (!endedStates.has(record.state) && record.problem === undefined) throw stillRunning();
      await follower.drop(jobId);
      jobs.forget(jobId);
      const { output, error } = spoolPathsOf(dataFolder, jobId);
      for (const path of [inputPathOf(dataFolder, jobId), output, error]) await disk.remove(path);
      teller.changed(record.workspaceId);
    },
    start: () => {
      // Plans wait for it, or their files would be taken for left ones.
      jobs.dropStrayItems();
      swept = sweepFolder(dataFolder, disk, jobs).catch((error: unknown) =>
        deps.log.warn('batch folder not swept', { code: diskErrorCode(error) }),
      );
      for (const [place, { id }] of jobs.unfinished().entries())
        follower.followLater(id, deps.random() * place * startSpreadMs);
    },
    wake: follower.wake,
    stop: async () => {
      teller.stop();
      trying.abort();
      await swept;
      await follower.stop();
    },
  };
}

/** Resolves with the work, or when it has taken that long already. */
async function atMost(work: Promise<void>, ms: number, clock: BatchClock): Promise<void> {
  let cancel = (): void => undefined;
  const enough = new Promise<void>((resolve) => {
    cancel = clock.startTimer(ms, resolve);
  });
  await Promise.race([work, enough]).finally(() => cancel());
}

/** Gathers changes, so that a job of many items is not sent to every window with every step. */
function createTeller(
  clock: BatchClock,
  tell: (workspaceId: string) => void,
): { readonly changed: (workspaceId: string) => void; readonly stop: () => void } {
  const waiting = new Map<string, () => void>();
  return {
    changed: (workspaceId) => {
      if (waiting.has(workspaceId)) return;
      const fire = (): void => {
        waiting.delete(workspaceId);
        tell(workspaceId);
      };
      waiting.set(workspaceId, clock.startTimer(tellEveryMs, fire));
    },
    stop: () => {
      for (const cancel of waiting.values()) cancel();
      waiting.clear();
    },
  };
}
