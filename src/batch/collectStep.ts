import { totalInputTokens, totalOutputTokens } from '../catalog/usage.ts';
import { diskErrorCode } from './batchDisk.ts';
import { downloadResults, spoolPathsOf } from './downloadResults.ts';
import { itemErrors, notes, problems } from './errors.ts';
import { inputPathOf } from './inputPath.ts';
import type { ItemState } from './job.ts';
import type { JobRecord } from './jobRecord.ts';
import { comeBack, missesUntilGone, over, type Step, type StepContext } from './jobStep.ts';
import { faultNotes, type LineFaults, settleItems } from './settleItems.ts';
import { writeRowSet } from './writeRowSet.ts';

/**
 * Brings an ended job home: both result files, a result per prompt, ledger rows, and a reason for each item without an
 * answer. Can be repeated from any point, and repeated when it was done.
 */
export async function collectStep(job: JobRecord, context: StepContext): Promise<Step> {
  const { jobs, memory, disk, dataFolder } = context;
  if (namesNoFile(job) && memory.fileMisses + 1 < missesUntilGone) {
    memory.fileMisses += 1;
    jobs.update(job.id, { state: 'finalizing' });
    return { next: 'poll' };
  }
  const downloads = await downloadResults(job, context.provider, disk, dataFolder);
  if (downloads.kind === 'failed') {
    const { failure } = downloads;
    if (failure.kind === 'auth') return comeBack(job, failure, context);
    const detail = 'detail' in failure ? failure.detail : failure.kind;
    jobs.update(job.id, { problem: problems.download(job.provider, detail) });
    return { next: 'retry', afterMs: failure.kind === 'transient' ? failure.retryAfterMs : undefined };
  }
  const { paths, goneIds } = downloads;
  if (goneIds.length > 0 && memory.fileMisses + 1 < missesUntilGone) {
    memory.fileMisses += 1;
    jobs.update(job.id, { problem: problems.download(job.provider, 'HTTP 404') });
    return { next: 'retry', afterMs: undefined };
  }
  if (memory.collectAgain && goneIds.length === 0) await reopen(job, context);
  try {
    await bringHome(job, paths, goneIds, context);
  } catch (error) {
    const code = diskErrorCode(error);
    if (code === undefined) throw error;
    const path = error instanceof Error && 'path' in error ? String(error.path) : dataFolder;
    jobs.update(job.id, { problem: problems.disk(code, path) });
    return { next: 'retry', afterMs: undefined };
  }
  return over;
}

/** The provider counts answers, but the batch object does not say yet where they are. */
function namesNoFile({ state, outputFileId, errorFileId, counts }: JobRecord): boolean {
  if (outputFileId !== undefined || errorFileId !== undefined) return false;
  return state === 'completed' || (counts?.completed ?? 0) > 0;
}

async function bringHome(
  job: JobRecord,
  paths: readonly string[],
  goneIds: readonly string[],
  context: StepContext,
): Promise<void> {
  const { jobs, now } = context;
  const faults = await settleItems(job, paths, context);
  const remaining = jobs.pendingItems(job.id);
  const outcomes = remaining.map((item) => ({ ...item, ...withoutLine(job, goneIds.length > 0) }));
  jobs.finish(job.id, outcomes, [], now());
  await context.inTurn(job.planId, () => finish(job, faults, goneIds, context));
}

async function finish(
  job: JobRecord,
  faults: LineFaults,
  goneIds: readonly string[],
  context: StepContext,
): Promise<void> {
  const { jobs } = context;
  const setNotes = await writeSets(job, context);
  const problem =
    goneIds.length > 0
      ? problems.filesGone(job.provider, goneIds)
      : namesNoFile(job)
        ? problems.noFiles(job.provider)
        : job.state === 'failed'
          ? job.problem
          : undefined;
  const usage = usageNotes(job, context);
  const itemNotes = jobs.itemNotes(job.id, shownNotes);
  const told = [...new Set([...job.notes, ...faultNotes(faults), ...usage, ...itemNotes, ...setNotes])];
  await cleanUp(job, context);
  jobs.update(job.id, { collected: true, problem, notes: told, worstPicoUsd: undefined });
}

/** Computed from the ids: the provider's counts do not say which are missing, nor always how many. */
function withoutLine(job: JobRecord, fileGone: boolean): { readonly state: ItemState; readonly error: string } {
  if (fileGone) return { state: 'missing', error: itemErrors.fileGone() };
  if (job.state === 'expired') return { state: 'expired', error: itemErrors.notRunExpired() };
  if (job.state === 'cancelled') return { state: 'cancelled', error: itemErrors.notRunCancelled() };
  if (job.state === 'failed') return { state: 'failed', error: itemErrors.jobFailed() };
  return { state: 'missing', error: itemErrors.missing() };
}

/** What the provider bills for the whole must be the sum of what it says of each answer. */
function usageNotes(job: JobRecord, { jobs }: Pick<StepContext, 'jobs'>): string[] {
  if (job.billed === undefined) return [];
  const usage = jobs.usage(job.id);
  const input = totalInputTokens(usage);
  const output = totalOutputTokens(usage);
  const { inputTokens, outputTokens } = job.billed;
  return input === inputTokens && output === outputTokens
    ? []
    : [notes.usageDiffers(input, output, inputTokens, outputTokens)];
}

/** Notes of single results are on the job too: one looks there first. Those of a set are told once, with the set. */
const shownNotes = 5;

async function writeSets(job: JobRecord, context: StepContext): Promise<string[]> {
  const told: string[] = [];
  for (const { promptPath, resultPath } of context.jobs.sets(job.id)) {
    const placed = await writeRowSet(job, promptPath, resultPath, context);
    context.jobs.moveResults(job.planId, promptPath, placed.path, placed.note);
    context.jobs.remember(placed.written, context.now());
    if (placed.note !== undefined) told.push(placed.note);
  }
  return told;
}

/** Items that have no result to show are looked at again. */
async function reopen(job: JobRecord, { jobs, disk, memory }: StepContext): Promise<void> {
  const open: string[] = [];
  for (const item of jobs.items(job.id)) {
    const isSettled = item.state === 'succeeded' || item.state === 'failed';
    const isThere = item.resultKind === 'rows' || item.state === 'failed' || (await disk.facts(item.resultPath));
    if (!isSettled || !isThere) open.push(item.id);
  }
  jobs.reopen(job.id, open);
  memory.collectAgain = false;
}

/** Inputs and fetched lines are other people's texts: kept no longer than needed. */
async function cleanUp(job: JobRecord, { jobs, disk, dataFolder }: StepContext): Promise<void> {
  await disk.remove(inputPathOf(dataFolder, job.id));
  const siblings = jobs.jobsOfPlan(job.planId);
  if (siblings.some(({ id, collected, state }) => id !== job.id && !collected && state !== 'lost')) return;
  for (const { id } of siblings) {
    const { output, error } = spoolPathsOf(dataFolder, id);
    await disk.remove(output);
    await disk.remove(error);
  }
}
