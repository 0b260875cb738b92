import type { BatchPlan, Job } from '../../batch/job.ts';
import { picoUsdOf } from '../../catalog/money.ts';
import type { BundledAssets } from '../../service/bundledAssets.ts';
import { ControlFailed } from '../../service/controlClient.ts';
import { type Command, type CommandContext, exitCode } from '../command.ts';
import { batchHelp } from './batchHelp.ts';
import { type BatchOptions, readBatchOptions } from './batchOptions.ts';
import { jobText, planText, refusedText, triedText } from './batchText.ts';
import { findInteractive, type SourceReader } from './findInteractive.ts';
import { hasEnded, hasFailed, isHome, isSent, watchJobs } from './followBatch.ts';
import { type BatchService, openBatchService } from './openBatchService.ts';

interface Run {
  readonly service: BatchService;
  readonly options: BatchOptions;
  readonly context: CommandContext;
  readonly sources: SourceReader;
}

/** `tollgate batch plan|submit|status|collect|cancel`: the editor's batch jobs without the editor. */
export function createBatchCommand(assets: () => BundledAssets, sources: SourceReader): Command {
  return {
    name: 'batch',
    summary: 'answer prompt files at batch price',
    help: batchHelp,
    run: async (args, context) => {
      const options = readBatchOptions(args, context.cwd);
      const service = await openBatchService({ ...options, assets: assets(), context });
      if ('failed' in service) return complain(context, service.failed);
      try {
        return await actions[options.action]({ service, options, context, sources });
      } catch (error) {
        if (ControlFailed.is(error)) return complain(context, error.message);
        throw error;
      } finally {
        await service.close();
      }
    },
  };
}

const actions: Readonly<Record<BatchOptions['action'], (run: Run) => Promise<number>>> = {
  plan: async (run) => {
    const plan = await makePlan(run);
    if (run.options.json) await printJson(run, plan);
    else await run.context.print(planText(plan, run.service.workspaceFolder));
    if (plan.objection !== undefined) return complain(run.context, plan.objection.message);
    return plan.refused.length > 0 ? exitCode.problems : exitCode.ok;
  },
  submit: async (run) => {
    const plan = await makePlan(run);
    const objection = objectionTo(plan, run.options);
    if (objection !== undefined) return complain(run.context, objection);
    if (!run.options.json) await run.context.print(planText(plan, run.service.workspaceFolder));
    if (plan.jobs.length === 0) {
      if (run.options.json) await printJson(run, { plan, jobs: [] });
      return exitCode.ok;
    }
    if (run.options.tryOne) {
      const tried = await run.service.client.tryBatch(plan.id);
      run.context.complain(triedText(tried, run.service.workspaceFolder));
      if (!tried.ok) return exitCode.problems;
    }
    const submitted = await run.service.client.submitBatch(plan.id);
    const ids = submitted.jobs.map(({ id }) => id);
    const jobs = await watch(run, ids, run.options.wait ? isHome : isSent);
    if (run.options.json) await printJson(run, { plan, jobs });
    else await printJobs(run, jobs);
    if (run.options.wait) return verdict(jobs, isHome);
    return jobs.some((job) => job.problem !== undefined || job.state === 'failed') ? exitCode.problems : exitCode.ok;
  },
  status: async (run) => {
    const jobs = await watch(run, await subjectsOf(run), run.options.wait ? isHome : () => true);
    if (run.options.json) await printJson(run, { jobs });
    else await printJobs(run, jobs);
    return verdict(jobs, hasEnded);
  },
  collect: async (run) => {
    const ids = await subjectsOf(run);
    for (const id of ids) await run.service.client.collectJob(id);
    const jobs = await watch(run, ids, run.options.wait ? isHome : () => true);
    if (run.options.json) await printJson(run, { jobs });
    else await printJobs(run, jobs);
    return verdict(jobs, isHome);
  },
  cancel: async (run) => {
    for (const id of run.options.subjects) await run.service.client.cancelJob(id);
    // What could be cancelled is told by the provider.
    const jobs = await watch(run, run.options.subjects, run.options.wait ? isHome : isCancelling);
    if (run.options.json) await printJson(run, { jobs });
    else await printJobs(run, jobs);
    return exitCode.ok;
  },
};

const cancelWaitMs = 15_000;

function isCancelling(job: Job): boolean {
  return job.state === 'cancelling' || hasEnded(job) || job.notes !== undefined;
}

async function makePlan({ service, options, context, sources }: Run): Promise<BatchPlan> {
  const { client, workspaceId } = service;
  const plan =
    options.retry !== undefined
      ? await client.planJobAgain(options.retry)
      : await client.planBatch({
          workspaceId,
          promptPaths: options.subjects,
          keepDuplicates: options.keepDuplicates,
          ...(options.model === undefined ? {} : { defaultModel: options.model }),
        });
  if (plan.refused.length > 0) context.complain(refusedText(plan, service.workspaceFolder));
  const planned = plan.jobs.flatMap(({ items }) => items.map(({ promptPath }) => promptPath));
  for (const text of await findInteractive(planned, service.workspaceFolder, sources, context.signal))
    context.complain(`warning: ${text}\n`);
  return plan;
}

/** Why a plan is not submitted although it could be. */
function objectionTo(plan: BatchPlan, { partial, maxUsd }: BatchOptions): string | undefined {
  if (plan.refused.length > 0 && !partial)
    return 'Some files cannot be sent, so nothing was submitted. Correct them, leave them out, or say --partial.';
  const problem = plan.jobs.find((job) => job.problem !== undefined)?.problem;
  if (problem !== undefined) return `${problem} Nothing was submitted.`;
  if (plan.objection !== undefined) return `${plan.objection.message} Nothing was submitted.`;
  if (maxUsd === undefined) return undefined;
  const most = plan.jobs.reduce<bigint | undefined>(
    (sum, { maxBatchPicoUsd }) =>
      sum === undefined || maxBatchPicoUsd === undefined ? undefined : sum + BigInt(maxBatchPicoUsd),
    0n,
  );
  if (most === undefined)
    return 'What this can cost has no bound (a price or a max_tokens is missing), so nothing was submitted under --max-usd.';
  return most > picoUsdOf(maxUsd) ? `This may cost more than $${maxUsd}, so nothing was submitted.` : undefined;
}

/** The named jobs, or all of the workspace. */
async function subjectsOf({ service, options }: Run): Promise<readonly string[]> {
  const { jobs } = await service.client.jobs(service.workspaceId);
  const known = jobs.map(({ id }) => id);
  for (const id of options.subjects) if (!known.includes(id)) throw new ControlFailed(404, 'unknownJob', noSuchJob(id));
  return options.subjects.length > 0 ? options.subjects : known;
}

function noSuchJob(id: string): string {
  return `There is no job ${id} in this workspace. "tollgate batch status" lists them.`;
}

function watch(run: Run, ids: readonly string[], isDone: (job: Job) => boolean): Promise<readonly Job[]> {
  const { options, context } = run;
  const timeoutMs = options.action === 'cancel' && !options.wait ? cancelWaitMs : options.timeoutMs;
  return watchJobs(run.service, ids, isDone, { timeoutMs, signal: context.signal });
}

function verdict(jobs: readonly Job[], isDone: (job: Job) => boolean): number {
  if (jobs.some((job) => isHome(job) && hasFailed(job))) return exitCode.problems;
  return jobs.every(isDone) ? exitCode.ok : exitCode.running;
}

async function printJobs({ context }: Run, jobs: readonly Job[]): Promise<void> {
  for (const job of jobs) await context.print(jobText(job));
}

function printJson({ context }: Run, value: unknown): Promise<void> {
  return context.print(`${JSON.stringify(value)}\n`);
}

function complain(context: CommandContext, message: string): number {
  context.complain(`tollgate: ${message}\n`);
  return exitCode.problems;
}
