import { createHash } from 'node:crypto';
import { createAnsweredBefore } from './answeredBefore.ts';
import type { PlannerDeps, PlanRequest } from './createPlanner.ts';
import { inputPathOf } from './inputPath.ts';
import { countInputTokens, type InputTokens } from './inputTokens.ts';
import type { AnsweredBefore, BatchPlan, RefusedFile } from './job.ts';
import { type OpenJob, openJob, type Placing } from './openJob.ts';
import type { PreparedRequest } from './preparedRequest.ts';
import type { BatchTarget } from './resolveTarget.ts';
import type { createResultPaths } from './resultPaths.ts';
import { sizeRefusal } from './sizeRefusal.ts';

/** Counted together: enough to keep the worker busy, little enough to hold in memory. */
const chunkRequests = 256;
const chunkCharacters = 2_000_000;

interface PlanBuilder {
  add(request: PreparedRequest): Promise<void>;
  finish(): Promise<Pick<BatchPlan, 'jobs' | 'answered'>>;
  abandon(): Promise<void>;
}

/** A line of a set that has its answer: it goes along into the set's new results. */
interface Carried {
  readonly request: PreparedRequest;
  readonly placing: Placing;
  readonly jobId: string;
}

/** Puts the requests of a plan into jobs, leaving out those that would be paid twice. */
export function createPlanBuilder(
  deps: PlannerDeps,
  plan: { readonly id: string; readonly workspaceId: string; readonly createdAtMs: number },
  { keepDuplicates = false, only }: Pick<PlanRequest, 'keepDuplicates' | 'only'>,
  resultPathOf: ReturnType<typeof createResultPaths>,
  refusedFiles: RefusedFile[],
): PlanBuilder {
  const all: OpenJob[] = [];
  const current = new Map<string, OpenJob>();
  const asked = new Map<string, { readonly job: OpenJob; readonly id: string }>();
  const jobOfSet = new Map<string, OpenJob>();
  const answered = new Map<string, AnsweredBefore>();
  const answeredBefore = createAnsweredBefore(deps, plan.workspaceId);
  let carried: Carried[] = [];
  let waiting: PreparedRequest[] = [];
  let characters = 0;

  const open = async (first: PreparedRequest): Promise<OpenJob> => {
    const id = deps.newId();
    const writer = await deps.disk.create(inputPathOf(deps.dataFolder, id));
    const { workspaceId, createdAtMs: nowMs } = plan;
    const limits = deps.limitsOf(first.target.api);
    const queueLimitTokens = deps.jobs.queueLimit(first.target.baseUrl, first.target.model);
    const job = openJob({ id, planId: plan.id, workspaceId, nowMs, writer, limits, queueLimitTokens, first });
    all.push(job);
    return job;
  };

  /** True = it need not be sent. */
  const isSpared = async (request: PreparedRequest, placing: Placing): Promise<boolean> => {
    const { promptPath, sourceId } = request;
    const chosen = only?.get(promptPath);
    const isChosen = chosen === undefined || sourceId === undefined || chosen.has(sourceId);
    if (isChosen && keepDuplicates) return false;
    const same = isChosen ? asked.get(placing.digest) : undefined;
    if (same !== undefined) {
      same.job.addCopy(request, placing, same.id);
      return true;
    }
    const before = await answeredBefore(request, placing.digest);
    if (before === undefined) return !isChosen;
    const { requests } = answered.get(promptPath) ?? { requests: 0 };
    answered.set(promptPath, { promptPath, resultPath: before.resultPath, requests: requests + 1 });
    if (request.resultKind === 'rows')
      carried.push({ request, placing: { ...placing, resultPath: before.resultPath }, jobId: before.jobId });
    return true;
  };

  const place = async (request: PreparedRequest, input: InputTokens): Promise<void> => {
    const { target, endpoint } = request;
    const group = [target.provider, target.baseUrl, target.model, endpoint].join('\n');
    const placing = {
      input,
      resultPath: resultPathOf(request.promptPath, request.resultKind),
      digest: createHash('sha256').update(group).update(request.bodyJson).digest('base64'),
    };
    if (await isSpared(request, placing)) return;
    let job = current.get(group);
    let id = await job?.add(request, placing);
    if (job === undefined || id === undefined) {
      job = await open(request);
      current.set(group, job);
      id = await job.add(request, placing);
    }
    if (id !== undefined) asked.set(placing.digest, { job, id });
    if (request.resultKind === 'rows') jobOfSet.set(request.promptPath, job);
  };

  const store = (): void => deps.jobs.addItems(all.flatMap((job) => job.takeItems()));

  const countWaiting = async (): Promise<void> => {
    const chunk = waiting;
    waiting = [];
    characters = 0;
    const counted = await countInputTokens(
      chunk.map(({ endpoint, body, target }) => ({ endpoint, body, model: countedModel(target) })),
      deps.tokenCounter,
    );
    for (const [index, request] of chunk.entries()) {
      const input = counted[index];
      if (input === undefined) throw new Error('the token counter answered for fewer texts than it was asked');
      const reason = sizeRefusal(request, input, deps.limitsOf(request.target.api).maxBytes);
      if (reason === undefined) await place(request, input);
      else refusedFiles.push({ promptPath: request.promptPath, reason });
    }
    store();
  };

  return {
    add: async (request) => {
      waiting.push(request);
      characters += request.bodyJson.length;
      if (waiting.length >= chunkRequests || characters >= chunkCharacters) await countWaiting();
    },
    finish: async () => {
      await countWaiting();
      // Where nothing of a set is sent, its results stay as they are.
      for (const { request, placing, jobId } of carried)
        jobOfSet.get(request.promptPath)?.addCopy(request, placing, `@${jobId}`);
      carried = [];
      store();
      for (const job of all) await job.close();
      deps.jobs.addPlan(
        plan,
        all.map((job) => job.record()),
      );
      return { jobs: all.map((job) => job.planned()), answered: [...answered.values()] };
    },
    abandon: async () => {
      for (const job of all) await job.discard();
      deps.jobs.dropItems(all.map(({ id }) => id));
    },
  };
}

/** The demo provider counts as the model it answers for. */
function countedModel({ model, tokenizer }: BatchTarget): { id: string; tokenizer: string } | undefined {
  return tokenizer === undefined ? undefined : { id: model, tokenizer };
}
