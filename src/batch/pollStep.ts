import type { ProviderBatch } from './batchProvider.ts';
import { notes, problems } from './errors.ts';
import { endedStates, type JobRecord } from './jobRecord.ts';
import { atOnce, comeBack, missesUntilGone, over, type Step, type StepContext } from './jobStep.ts';
import { cleanDetail, queueFullCode } from './providerFailure.ts';
import { knownOthers, waitForQueue } from './submitStep.ts';

/** Asks the provider once how the job is. Errors never end it; only the provider's own word does. */
export async function pollStep(job: JobRecord, batchId: string, context: StepContext): Promise<Step> {
  const { memory, provider } = context;
  const asksToCancel = job.cancelRequested && job.state !== 'cancelling';
  const refusal = asksToCancel ? await cancel(job, batchId, context) : undefined;
  const answer = await provider.retrieve(batchId);
  if (!answer.ok) return missedOr(job, answer.failure, context);
  memory.misses = 0;
  if (job.unconfirmed && answer.value.outputFileId !== undefined) return confirm(job, batchId, context);
  const step = await apply(job, answer.value, context);
  // Refused because it had ended is no news; refused while it runs is.
  if (refusal !== undefined && step.next === 'poll') {
    const note = notes.cancelRefused(refusal);
    context.jobs.update(job.id, { cancelRequested: false, notes: [...job.notes, note] });
  }
  return step;
}

/** Yields the provider's words where it will not cancel; other failures are tried again at the next poll. */
async function cancel(job: JobRecord, batchId: string, { provider }: StepContext): Promise<string | undefined> {
  if (job.unconfirmed) return notes.cancelUnconfirmed();
  const answer = await provider.cancel(batchId);
  return !answer.ok && answer.failure.kind === 'rejected' ? answer.failure.detail : undefined;
}

/** The batch was found by its size and time, and has ended: its results tell whose it is. */
async function confirm(job: JobRecord, batchId: string, context: StepContext): Promise<Step> {
  const { jobs, provider } = context;
  const own = await provider.unmarked?.isOf(batchId, job.id);
  if (own === undefined || (own.ok && own.value)) jobs.update(job.id, { unconfirmed: false });
  else if (!own.ok && own.failure.kind !== 'notFound') return comeBack(job, own.failure, context);
  else
    jobs.update(job.id, {
      state: 'submitting',
      phase: 'creating',
      providerBatchId: undefined,
      unconfirmed: false,
      counts: undefined,
      spentBatchIds: [...job.spentBatchIds, batchId],
    });
  return atOnce;
}

async function apply(job: JobRecord, batch: ProviderBatch, context: StepContext): Promise<Step> {
  const { jobs, now, log } = context;
  const { state } = batch;
  if (state === undefined) log.warn('batch status not known', { job: job.id });
  if (state === 'failed') {
    const full = batch.errors.find(({ code }) => code === queueFullCode);
    if (full !== undefined && !job.cancelRequested)
      return waitForQueue(job, cleanDetail(full.message), batch.id, context);
  }
  const isEnded = state !== undefined && endedStates.has(state);
  const overdue = notes.overdue(job.provider);
  const others = job.notes.filter((note) => note !== overdue);
  const isOverdue = !isEnded && now() - job.createdAtMs > overdueMs;
  jobs.update(job.id, {
    state: state ?? job.state,
    counts: batch.counts ?? job.counts,
    outputFileId: batch.outputFileId ?? job.outputFileId,
    errorFileId: batch.errorFileId ?? job.errorFileId,
    billed: batch.usage ?? job.billed,
    notes: isOverdue ? [...others, overdue] : others,
    ...(isEnded ? { endedAtMs: endOf(job, batch, now()) } : {}),
    problem: state === 'failed' ? failureText(job, batch) : undefined,
  });
  return isEnded ? atOnce : { next: 'poll' };
}

/** The providers' window is a day; some let a batch go on for longer. */
const overdueMs = 25 * 3_600_000;

/** The provider's clock is believed as far as it agrees with ours: ledger rows are dated by it. */
function endOf(job: JobRecord, { endedAtMs }: ProviderBatch, nowMs: number): number {
  return Math.min(Math.max(endedAtMs ?? nowMs, job.createdAtMs), nowMs);
}

const shownErrors = 3;

/** The provider's own codes and words: what they can be is not documented. */
function failureText(job: JobRecord, { errors }: ProviderBatch): string {
  if (errors.length === 0) return problems.unexplainedFailure(job.provider);
  const texts = errors.slice(0, shownErrors).map(({ code, message, line }) => {
    const place = line === undefined ? '' : `line ${line}: `;
    return `${place}${cleanDetail(message === '' ? code : message)}${code === '' || message === '' ? '' : ` (${code})`}`;
  });
  const more = errors.length > shownErrors ? ` and ${errors.length - shownErrors} more.` : '.';
  return problems.batchFailed(job.provider, texts.join('; ') + more);
}

async function missedOr(job: JobRecord, failure: Parameters<typeof comeBack>[1], context: StepContext): Promise<Step> {
  const { jobs, memory, now, provider } = context;
  if (failure.kind !== 'notFound') return comeBack(job, failure, context);
  const { id: jobId, inputFileId, seenBatchIds: seenIds, size, createdAtMs: submittedAtMs, providerBatchId } = job;
  const exceptIds = knownOthers(job, context);
  const found = await provider.find({ jobId, inputFileId, exceptIds, seenIds, size, submittedAtMs });
  // A batch that only may be the job's is no substitute for one whose id was told.
  if (found.ok && found.value !== undefined && (found.value.isCertain || job.unconfirmed)) {
    memory.misses = 0;
    const { batch, isCertain } = found.value;
    const adopted = jobs.update(jobId, { providerBatchId: batch.id, unconfirmed: !isCertain });
    return isCertain ? apply(adopted, batch, context) : { next: 'poll' };
  }
  if (!found.ok && (found.failure.kind === 'transient' || found.failure.kind === 'auth'))
    return comeBack(job, found.failure, context);
  memory.misses += 1;
  if (memory.misses < missesUntilGone) return comeBack(job, failure, context);
  jobs.update(job.id, {
    state: 'lost',
    endedAtMs: now(),
    problem: problems.lost(job.provider, providerBatchId ?? ''),
  });
  return over;
}
