import type { BatchClock } from './batchClock.ts';
import { collectStep } from './collectStep.ts';
import { type ConnectDeps, connect } from './connect.ts';
import { notes, problems } from './errors.ts';
import { createInTurn, type InTurn } from './inTurn.ts';
import { endedStates, type JobRecord } from './jobRecord.ts';
import { type JobMemory, over, type Step, type StepContext } from './jobStep.ts';
import { pollStep } from './pollStep.ts';
import { resultsUntilMs, warnBeforeMs } from './resultsUntil.ts';
import { endUnsent, submitStep } from './submitStep.ts';
import { pollDelayMs, retryDelayMs } from './timing.ts';

export interface FollowDeps
  extends Omit<ConnectDeps, 'startTimer' | 'signal' | 'now'>,
    Omit<StepContext, 'provider' | 'memory' | 'now' | 'inTurn'> {
  readonly clock: BatchClock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly onEnded: (job: JobRecord) => void;
  /** Told once per job. */
  readonly onExpiring: (job: JobRecord, untilMs: number) => void;
}

/** Takes every job step by step to its end; one step of a job at a time. */
export interface Follower {
  /** Takes the next step now, or right after the one under way. */
  follow(jobId: string): void;
  /** As `follow`, after a while. */
  followLater(jobId: string, delayMs: number): void;
  /** Follows a job again that was collected or lost; resolves when the first attempt is over. */
  collect(job: JobRecord): Promise<void>;
  /** Stops following it; resolves when nothing of it is under way. */
  drop(jobId: string): Promise<void>;
  /** Takes the next step of all that wait. */
  wake(): void;
  stop(): Promise<void>;
}

interface Followed {
  readonly id: string;
  readonly memory: JobMemory;
  readonly abort: AbortController;
  cancelTimer: () => void;
  running: Promise<void> | undefined;
  isAskedAgain: boolean;
  /** Its end was told before. */
  isQuiet: boolean;
}

const doNothing = (): void => undefined;

export function createFollower(deps: FollowDeps): Follower {
  const { clock, jobs, log, timing, random } = deps;
  const followed = new Map<string, Followed>();
  const inTurn = createInTurn();
  let isStopped = false;

  const entryOf = (id: string): Followed => {
    const entry = followed.get(id) ?? {
      id,
      memory: { failures: 0, misses: 0, fileMisses: 0, collectAgain: false },
      abort: new AbortController(),
      cancelTimer: doNothing,
      running: undefined,
      isAskedAgain: false,
      isQuiet: false,
    };
    followed.set(id, entry);
    return entry;
  };

  const run = (entry: Followed): void => {
    if (isStopped || entry.abort.signal.aborted) return;
    entry.cancelTimer();
    entry.cancelTimer = doNothing;
    if (entry.running !== undefined) entry.isAskedAgain = true;
    else
      entry.running = drive(entry)
        .catch((error: unknown) => log.error('batch job not followed', { job: entry.id, stack: frames(error) }))
        .finally(() => {
          entry.running = undefined;
        });
  };

  const drive = async (entry: Followed): Promise<void> => {
    for (;;) {
      entry.isAskedAgain = false;
      const step = await takeStep(entry, deps, inTurn);
      if (isStopped || entry.abort.signal.aborted) return;
      if (step.next === 'over') {
        followed.delete(entry.id);
        const job = jobs.job(entry.id);
        if (job !== undefined && !entry.isQuiet) deps.onEnded(job);
        return;
      }
      if (step.next === 'now' || entry.isAskedAgain) continue;
      warnOfExpiry(entry.id, deps);
      entry.cancelTimer = clock.startTimer(delayOf(entry, step), () => run(entry));
      return;
    }
  };

  const delayOf = ({ id, memory }: Followed, step: Step): number => {
    if (step.next === 'wait') return step.afterMs;
    if (step.next === 'blocked') return timing.blockedMs;
    if (step.next === 'retry') return retryDelayMs(memory.failures, step.afterMs, timing, random());
    const job = jobs.job(id);
    const floorMs = job?.demo === true ? timing.demoPollFloorMs : timing.pollFloorMs;
    return pollDelayMs(clock.now() - (job?.createdAtMs ?? clock.now()), floorMs, timing, random());
  };

  return {
    follow: (id) => run(entryOf(id)),
    followLater: (id, delayMs) => {
      const entry = entryOf(id);
      entry.cancelTimer = clock.startTimer(delayMs, () => run(entry));
    },
    collect: async (job) => {
      if (job.collected && job.providerBatchId === undefined) return;
      // Its end may be about to be told.
      if (job.collected || job.state === 'lost') await followed.get(job.id)?.running;
      const entry = entryOf(job.id);
      if (job.collected) {
        entry.isQuiet = true;
        entry.memory.collectAgain = true;
        jobs.update(job.id, { collected: false });
      } else if (job.state === 'lost')
        jobs.update(
          job.id,
          job.providerBatchId === undefined ? lookAgain : { state: 'inProgress', problem: undefined },
        );
      run(entry);
      await entry.running;
    },
    drop: async (id) => {
      const entry = followed.get(id);
      if (entry === undefined) return;
      entry.abort.abort();
      entry.cancelTimer();
      await entry.running;
      followed.delete(id);
    },
    wake: () => {
      for (const entry of followed.values()) if (entry.running === undefined) run(entry);
    },
    stop: async () => {
      isStopped = true;
      const entries = [...followed.values()];
      for (const { abort, cancelTimer } of entries) {
        cancelTimer();
        abort.abort();
      }
      log.debug('batch following stopped', { jobs: entries.length });
      await Promise.all(entries.map(({ running }) => running));
    },
  };
}

const lookAgain = { state: 'submitting', phase: 'creating', problem: undefined } as const;

/** Never rejects: what nobody foresaw is logged, shown on the job, and tried again. */
async function takeStep(entry: Followed, deps: FollowDeps, inTurn: InTurn): Promise<Step> {
  const { memory, abort } = entry;
  try {
    const step = await nextStep(entry, deps, inTurn);
    memory.failures = step.next === 'retry' ? memory.failures + 1 : 0;
    return step;
  } catch (error) {
    if (abort.signal.aborted) return over;
    memory.failures += 1;
    const name = error instanceof Error ? error.name : 'not an error';
    deps.log.error('batch step failed', { job: entry.id, error: name, stack: frames(error) });
    remember(entry.id, problems.unexpected(name), deps);
    return { next: 'retry', afterMs: undefined };
  }
}

async function nextStep({ id, memory, abort }: Followed, deps: FollowDeps, inTurn: InTurn): Promise<Step> {
  const { clock, jobs } = deps;
  const job = jobs.job(id);
  if (job === undefined || job.collected || job.state === 'lost') return over;
  if (job.state === 'submitting' && job.phase !== 'creating' && job.cancelRequested)
    return endUnsent(job, 'cancelled', undefined, { ...deps, now: () => clock.now() });
  const connection = await connect(job, {
    ...deps,
    startTimer: clock.startTimer,
    now: () => clock.now(),
    signal: abort.signal,
  });
  if (connection.kind === 'blocked') {
    if (job.problem !== connection.problem) jobs.update(id, { problem: connection.problem });
    return { next: 'blocked' };
  }
  const context: StepContext = { ...deps, now: () => clock.now(), memory, inTurn, provider: connection.provider };
  if (endedStates.has(job.state)) return collectStep(job, context);
  if (job.state === 'submitting' || job.providerBatchId === undefined) return submitStep(job, context);
  return pollStep(job, job.providerBatchId, context);
}

/** Results that wait at the provider are told of while there is time. */
function warnOfExpiry(id: string, { jobs, clock, onExpiring }: FollowDeps): void {
  const job = jobs.job(id);
  if (job === undefined || job.expiryWarned || job.collected || job.providerBatchId === undefined) return;
  const untilMs = resultsUntilMs(job);
  if (clock.now() < untilMs - warnBeforeMs) return;
  const note = notes.expiring(job.provider, new Date(untilMs).toISOString().slice(0, 10));
  onExpiring(jobs.update(id, { expiryWarned: true, notes: [...job.notes, note] }), untilMs);
}

/** The database itself may be what failed. */
function remember(jobId: string, problem: string, { jobs, log }: FollowDeps): void {
  try {
    jobs.update(jobId, { problem });
  } catch (error) {
    log.error('batch problem not written', { job: jobId, error: error instanceof Error ? error.name : 'not an error' });
  }
}

/** Where it was thrown; not the message, which may quote what a provider sent. */
function frames(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 6)
    .map((line) => line.trim())
    .join(' | ');
}
