import { join, normalize } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import type { TokenCounter } from '../tokens/tokenCount.ts';
import type { BatchDisk } from './batchDisk.ts';
import { refusals } from './errors.ts';
import { countInputTokens, type InputTokens } from './inputTokens.ts';
import type { BatchPlan, RefusedFile } from './job.ts';
import type { JobStore } from './jobStore.ts';
import type { LimitsOf } from './limits.ts';

import { type OpenJob, openJob } from './openJob.ts';
import type { PreparedRequest } from './preparedRequest.ts';
import { readRequests } from './readRequests.ts';
import { messagesEndpoint } from './requestRow.ts';
import type { BatchTarget } from './resolveTarget.ts';
import { createResultPaths } from './resultPaths.ts';

/** What is to be planned: prompt files and the model of those that name none. */
export interface PlanRequest {
  readonly workspaceId: string;
  /** Absolute. */
  readonly promptPaths: readonly string[];
  readonly defaultModel?: string;
}

export interface PlannerDeps {
  readonly jobs: JobStore;
  readonly disk: BatchDisk;
  /** Input files and results in transit. */
  readonly dataFolder: string;
  readonly limitsOf: LimitsOf;
  readonly catalogOf: (workspaceId: string) => Catalog;
  readonly configOf: (workspaceId: string) => Config | undefined;
  readonly confirmedUpstream: (workspaceId: string, provider: string) => string | undefined;
  readonly tokenCounter: Pick<TokenCounter, 'count'>;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Counted together: enough to keep the worker busy, little enough to hold in memory. */
const chunkRequests = 256;
const chunkCharacters = 2_000_000;

/** Where a job's input file lies from the plan until the provider has taken it. */
export function inputPathOf(dataFolder: string, jobId: string): string {
  return join(dataFolder, `${jobId}.input.jsonl`);
}

/**
 * Plans batches: reads the files, resolves models, counts and prices, and writes the very lines that will be sent to the
 * data folder, so that what was shown is what is submitted. Rejects where the disk or the token counter fails.
 */
export function createPlanner(deps: PlannerDeps): (request: PlanRequest) => Promise<BatchPlan> {
  return async (request) => {
    const plan = { id: deps.newId(), workspaceId: request.workspaceId, createdAtMs: deps.now() };
    const config = deps.configOf(request.workspaceId);
    const paths = [...new Set(request.promptPaths.map((path) => normalize(path)))];
    const refusedFiles: RefusedFile[] = [];
    if (config === undefined) {
      const reason = refusals.notConfigured();
      return {
        id: plan.id,
        workspaceId: plan.workspaceId,
        jobs: [],
        refused: paths.map((promptPath) => ({ promptPath, reason })),
      };
    }
    const effective = withConfirmedUpstreams(config, (name) => deps.confirmedUpstream(plan.workspaceId, name));
    const builder = createPlanBuilder(deps, plan, createResultPaths(paths), refusedFiles);
    const context = {
      disk: deps.disk,
      config: effective,
      catalog: deps.catalogOf(request.workspaceId),
      defaultModel: request.defaultModel,
      maxLineBytes: deps.limitsOf(messagesEndpoint).maxBytes,
    };
    try {
      for (const promptPath of paths)
        for await (const prepared of readRequests(promptPath, context))
          if ('kind' in prepared) refusedFiles.push({ promptPath, reason: prepared.reason });
          else await builder.add(prepared);
      const jobs = await builder.finish();
      return { id: plan.id, workspaceId: plan.workspaceId, jobs, refused: refusedFiles };
    } catch (error) {
      await builder.abandon();
      throw error;
    }
  };
}

interface PlanBuilder {
  add(request: PreparedRequest): Promise<void>;
  finish(): Promise<BatchPlan['jobs']>;
  abandon(): Promise<void>;
}

function createPlanBuilder(
  deps: PlannerDeps,
  plan: { readonly id: string; readonly workspaceId: string; readonly createdAtMs: number },
  resultPathOf: ReturnType<typeof createResultPaths>,
  refusedFiles: RefusedFile[],
): PlanBuilder {
  const all: OpenJob[] = [];
  const current = new Map<string, OpenJob>();
  const asked = new Map<string, string>();
  let waiting: PreparedRequest[] = [];
  let characters = 0;

  const open = async (first: PreparedRequest): Promise<OpenJob> => {
    const id = deps.newId();
    const writer = await deps.disk.create(inputPathOf(deps.dataFolder, id));
    const { workspaceId, createdAtMs: nowMs } = plan;
    const limits = deps.limitsOf(first.endpoint);
    const job = openJob({ id, planId: plan.id, workspaceId, nowMs, writer, limits, first, asked });
    all.push(job);
    return job;
  };

  const place = async (request: PreparedRequest, input: InputTokens): Promise<void> => {
    const { target, endpoint } = request;
    const group = [target.provider, target.baseUrl, target.model, endpoint].join('\n');
    const resultPath = resultPathOf(request.promptPath, request.resultKind);
    const isPlaced = await current.get(group)?.add(request, input, resultPath);
    if (isPlaced === true) return;
    const next = await open(request);
    current.set(group, next);
    await next.add(request, input, resultPath);
  };

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
      const reason = sizeRefusal(request, input, deps.limitsOf(request.endpoint).maxBytes);
      if (reason === undefined) await place(request, input);
      else refusedFiles.push({ promptPath: request.promptPath, reason });
    }
    deps.jobs.addItems(all.flatMap((job) => job.takeItems()));
  };

  return {
    add: async (request) => {
      waiting.push(request);
      characters += request.bodyJson.length;
      if (waiting.length >= chunkRequests || characters >= chunkCharacters) await countWaiting();
    },
    finish: async () => {
      await countWaiting();
      for (const job of all) await job.close();
      deps.jobs.addPlan(
        plan,
        all.map((job) => job.record()),
      );
      return all.map((job) => job.planned());
    },
    abandon: async () => {
      for (const job of all) await job.discard();
      deps.jobs.dropItems(all.map(({ id }) => id));
    },
  };
}

function sizeRefusal(request: PreparedRequest, { tokens, basis }: InputTokens, maxBytes: number): string | undefined {
  const { alias, limits, contextTokens, model } = request.target;
  const place = (reason: string): string =>
    request.sourceLine === undefined ? reason : refusals.row(request.sourceLine, reason);
  const bytes = Buffer.byteLength(request.bodyJson) + lineOverheadBytes;
  if (bytes > maxBytes) return place(refusals.lineTooLarge(bytes, maxBytes));
  if (alias !== undefined && limits.maxInputTokens !== undefined && tokens > limits.maxInputTokens)
    return place(refusals.aboveAliasLimit(alias, tokens, limits.maxInputTokens));
  // An estimate may be off by its band: only a counted prompt is known not to fit.
  if (basis === 'exact' && contextTokens !== undefined && tokens > contextTokens)
    return place(refusals.aboveContext(model, tokens, contextTokens));
  return undefined;
}

/** `custom_id`, `method` and `url` around a body. */
const lineOverheadBytes = 256;

function withConfirmedUpstreams(config: Config, confirmed: (provider: string) => string | undefined): Config {
  const providers = Object.entries(config.providers).map(([name, provider]) => [
    name,
    { ...provider, baseUrl: confirmed(name) ?? provider.baseUrl },
  ]);
  return { ...config, providers: Object.fromEntries(providers) };
}

/** The demo provider counts as the model it answers for. */
function countedModel({ model, tokenizer }: BatchTarget): { id: string; tokenizer: string } | undefined {
  return tokenizer === undefined ? undefined : { id: model, tokenizer };
}
