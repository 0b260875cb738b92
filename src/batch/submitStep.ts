import type { ProviderBatch, ProviderFailure, UnmarkedBatches } from './batchProvider.ts';
import { itemErrors, problems } from './errors.ts';
import { inputPathOf } from './inputPath.ts';
import type { ItemState, JobState } from './job.ts';
import { endedStates, type JobRecord } from './jobRecord.ts';
import { atOnce, comeBack, over, type Step, type StepContext } from './jobStep.ts';
import type { JobPatch } from './jobStore.ts';

/**
 * One step of a submission. What is about to be done is on disk before it is done: a job found in phase `creating` may
 * exist at the provider, which is asked before anything is sent again. A file uploaded twice costs nothing.
 */
export async function submitStep(job: JobRecord, context: StepContext): Promise<Step> {
  switch (job.phase) {
    case 'new':
      return upload(job, context);
    case 'uploaded':
      return create(job, context);
    case 'creating':
    case 'created':
      return lookUp(job, context);
  }
}

async function upload(job: JobRecord, context: StepContext): Promise<Step> {
  const { disk, jobs, provider } = context;
  const path = inputPathOf(context.dataFolder, job.id);
  if ((await disk.facts(path)) === undefined) return endUnsent(job, 'failed', problems.inputGone(), context);
  if (provider.upload === undefined) {
    jobs.update(job.id, { phase: 'uploaded', phaseAtMs: context.now(), problem: undefined });
    return atOnce;
  }
  const answer = await provider.upload(await disk.blob(path), `tollgate-${job.id}.jsonl`);
  if (!answer.ok) return giveUpOrComeBack(job, answer.failure, context);
  jobs.update(job.id, { phase: 'uploaded', phaseAtMs: context.now(), inputFileId: answer.value, problem: undefined });
  return atOnce;
}

async function create(job: JobRecord, context: StepContext): Promise<Step> {
  const { disk, jobs, provider } = context;
  const path = inputPathOf(context.dataFolder, job.id);
  const isGone = provider.upload === undefined ? (await disk.facts(path)) === undefined : job.inputFileId === undefined;
  if (isGone) {
    jobs.update(job.id, { phase: 'new' });
    return atOnce;
  }
  const queued = queuedTokens(job, context);
  if (queued !== undefined) {
    jobs.update(job.id, { problem: problems.queueHeld(job.provider, queued) });
    return { next: 'wait', afterMs: context.timing.queueRetryMs };
  }
  if (provider.unmarked === undefined) return send(job, {}, context);
  return createUnmarked(job, provider.unmarked, context);
}

/** Our tokens that wait there already, where this job's would go beyond what the provider said it allows. */
function queuedTokens(job: JobRecord, { jobs }: Pick<StepContext, 'jobs'>): number | undefined {
  const limit = jobs.queueLimit(job.baseUrl, job.model);
  if (limit === undefined) return undefined;
  const isQueued = (other: JobRecord): boolean =>
    other.id !== job.id &&
    other.baseUrl === job.baseUrl &&
    other.model === job.model &&
    (other.providerBatchId !== undefined || other.phase === 'creating') &&
    !endedStates.has(other.state);
  const waiting = jobs
    .unfinished()
    .filter(isQueued)
    .reduce((sum, { inputTokens }) => sum + inputTokens, 0);
  // A job that is too large by itself is for the provider to refuse.
  return waiting > 0 && waiting + job.inputTokens > limit ? waiting : undefined;
}

/**
 * Batches without a mark of ours are told apart by when they came: what was there before is written down first, and of
 * one workspace and provider only one is created at a time.
 */
async function createUnmarked(job: JobRecord, unmarked: UnmarkedBatches, context: StepContext): Promise<Step> {
  const { jobs, inTurn, timing } = context;
  const isOpen = (other: JobRecord): boolean =>
    other.id !== job.id &&
    other.state === 'submitting' &&
    other.phase === 'creating' &&
    other.provider === job.provider &&
    other.workspaceId === job.workspaceId;
  let step: Step = { next: 'wait', afterMs: timing.retryFloorMs };
  await inTurn(`create\n${job.workspaceId}\n${job.provider}`, async () => {
    if (jobs.unfinished().some(isOpen)) return;
    const seen = await unmarked.newest();
    step = seen.ok
      ? await send(job, { seenBatchIds: seen.value }, context)
      : await giveUpOrComeBack(job, seen.failure, context);
  });
  return step;
}

async function send(job: JobRecord, patch: JobPatch, context: StepContext): Promise<Step> {
  const { disk, jobs, provider } = context;
  const creating = jobs.update(job.id, { ...patch, phase: 'creating', phaseAtMs: context.now() });
  const answer = await provider.create({
    jobId: job.id,
    endpoint: job.endpoint,
    inputFileId: job.inputFileId,
    content: () => disk.blob(inputPathOf(context.dataFolder, job.id)),
  });
  if (answer.ok) return adopt(creating, answer.value, context);
  const { failure } = answer;
  // Whether it was made is not known: the next step asks.
  if (failure.kind === 'transient' && failure.sent) return comeBack(creating, failure, context);
  return giveUpOrComeBack(jobs.update(job.id, { phase: 'uploaded' }), failure, context);
}

async function lookUp(job: JobRecord, context: StepContext): Promise<Step> {
  const { jobs, provider, timing } = context;
  const answer = await provider.find({
    jobId: job.id,
    inputFileId: job.inputFileId,
    exceptIds: knownOthers(job, context),
    seenIds: job.seenBatchIds,
    size: job.size,
    submittedAtMs: job.createdAtMs,
  });
  if (answer.ok && answer.value !== undefined) return adopt(job, answer.value.batch, context, !answer.value.isCertain);
  if (!answer.ok) {
    const { failure } = answer;
    if (failure.kind === 'transient' || failure.kind === 'auth') return comeBack(job, failure, context);
    const detail = failure.kind === 'notFound' ? 'HTTP 404' : failure.detail;
    jobs.update(job.id, {
      state: 'lost',
      endedAtMs: context.now(),
      problem: problems.cannotTell(job.provider, detail),
    });
    return over;
  }
  const remainingMs = job.phaseAtMs + timing.settleMs - context.now();
  if (remainingMs > 0) return { next: 'wait', afterMs: remainingMs };
  jobs.update(job.id, { phase: 'uploaded', phaseAtMs: context.now() });
  return atOnce;
}

/** Batches that cannot be the job's: spent ones, and those of its neighbours. */
export function knownOthers(job: JobRecord, { jobs }: Pick<StepContext, 'jobs'>): readonly string[] {
  const others = jobs.jobsOf(job.workspaceId).filter(({ id, unconfirmed }) => id !== job.id && !unconfirmed);
  return [...job.spentBatchIds, ...others.flatMap(({ providerBatchId }) => providerBatchId ?? [])];
}

/** Takes the provider's batch as that of the job. */
function adopt(job: JobRecord, batch: ProviderBatch, { jobs, now }: StepContext, unconfirmed = false): Step {
  jobs.update(job.id, {
    phase: 'created',
    phaseAtMs: now(),
    providerBatchId: batch.id,
    unconfirmed,
    // A finished one is read again in full by the next poll.
    state: 'validating',
    problem: undefined,
  });
  return { next: 'poll' };
}

async function giveUpOrComeBack(job: JobRecord, failure: ProviderFailure, context: StepContext): Promise<Step> {
  if (failure.kind === 'queueFull') return waitForQueue(job, failure.detail, undefined, context);
  if (failure.kind === 'rejected')
    return endUnsent(job, 'failed', problems.rejected(job.provider, failure.detail), context);
  if (failure.kind === 'notFound')
    return endUnsent(job, 'failed', problems.rejected(job.provider, 'HTTP 404, it has no batch API here.'), context);
  return comeBack(job, failure, context);
}

/**
 * The provider holds as many waiting tokens of this model as it may: sent again later, for a day.
 * @param spentBatchId the batch that failed for it, and ran nothing
 */
export async function waitForQueue(
  job: JobRecord,
  detail: string,
  spentBatchId: string | undefined,
  context: StepContext,
): Promise<Step> {
  const { jobs, timing, now } = context;
  const allowed = /limit:\s*([\d,]+)\s*enqueued/i.exec(detail)?.[1];
  if (allowed !== undefined)
    jobs.rememberQueueLimit(job.baseUrl, job.model, Number(allowed.replaceAll(',', '')), now());
  if (now() - job.createdAtMs >= timing.queueGiveUpMs)
    return endUnsent(job, 'failed', problems.queueStayedFull(job.provider, detail), context);
  jobs.update(job.id, {
    state: 'submitting',
    phase: 'uploaded',
    phaseAtMs: now(),
    providerBatchId: undefined,
    counts: undefined,
    spentBatchIds: spentBatchId === undefined ? job.spentBatchIds : [...job.spentBatchIds, spentBatchId],
    problem: problems.queueFull(job.provider, detail),
  });
  return { next: 'wait', afterMs: timing.queueRetryMs };
}

/** Ends a job of which nothing was run. */
export async function endUnsent(
  job: JobRecord,
  state: Extract<JobState, 'failed' | 'cancelled'>,
  problem: string | undefined,
  { jobs, disk, dataFolder, now }: Pick<StepContext, 'jobs' | 'disk' | 'dataFolder' | 'now'>,
): Promise<Step> {
  const itemState: ItemState = state === 'failed' ? 'failed' : 'cancelled';
  const error = state === 'failed' ? itemErrors.jobFailed() : itemErrors.notSent();
  const outcomes = jobs.pendingItems(job.id).map((item) => ({ ...item, state: itemState, error }));
  await disk.remove(inputPathOf(dataFolder, job.id));
  jobs.finish(job.id, outcomes, [], now());
  jobs.update(job.id, { state, endedAtMs: now(), problem, collected: true, worstPicoUsd: undefined });
  return over;
}
