import { normalize } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import type { TokenCounter } from '../tokens/tokenCount.ts';
import type { BatchDisk } from './batchDisk.ts';
import { createPlanBuilder } from './createPlanBuilder.ts';
import { refusals } from './errors.ts';
import { expandPaths } from './expandPaths.ts';
import { createHeaderReader } from './frontMatter.ts';
import type { BatchPlan, RefusedFile } from './job.ts';
import type { JobStore } from './jobStore.ts';
import type { LimitsOf } from './limits.ts';
import { readRequests } from './readRequests.ts';
import { createResultPaths } from './resultPaths.ts';
import { targetCache } from './targetCache.ts';

/** What is to be planned: prompt files and the model of those that name none. */
export interface PlanRequest {
  readonly workspaceId: string;
  /** Absolute: files, folders, patterns. */
  readonly promptPaths: readonly string[];
  readonly defaultModel?: string;
  /** Send what is asked twice, or was answered before, once more. */
  readonly keepDuplicates?: boolean;
  /** Of request sets, these requests alone; other files whole. The others keep their earlier answers. */
  readonly only?: ReadonlyMap<string, ReadonlySet<string>>;
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

/**
 * Plans batches: reads the files, resolves models, counts and prices, and writes the very lines that will be sent to the
 * data folder, so that what was shown is what is submitted. Rejects where the disk or the token counter fails.
 */
export function createPlanner(deps: PlannerDeps): (request: PlanRequest) => Promise<BatchPlan> {
  return async (request) => {
    const plan = { id: deps.newId(), workspaceId: request.workspaceId, createdAtMs: deps.now() };
    const config = deps.configOf(request.workspaceId);
    const named = [...new Set(request.promptPaths.map((path) => normalize(path)))];
    const { paths, refused: notThere } = await expandPaths(named, deps.disk);
    const refusedFiles: RefusedFile[] = [...notThere];
    if (config === undefined) {
      const reason = refusals.notConfigured();
      return {
        id: plan.id,
        workspaceId: plan.workspaceId,
        jobs: [],
        refused: paths.map((promptPath) => ({ promptPath, reason })),
        answered: [],
      };
    }
    const effective = withConfirmedUpstreams(config, (name) => deps.confirmedUpstream(plan.workspaceId, name));
    const builder = createPlanBuilder(deps, plan, request, createResultPaths(paths), refusedFiles);
    const context = {
      disk: deps.disk,
      readHeader: createHeaderReader(),
      resolve: targetCache(effective, deps.catalogOf(request.workspaceId)),
      defaultModel: request.defaultModel,
      maxLineBytes: deps.limitsOf('mistral').maxBytes,
    };
    try {
      for (const promptPath of paths)
        for await (const prepared of readRequests(promptPath, context))
          if ('kind' in prepared) refusedFiles.push({ promptPath, reason: prepared.reason });
          else await builder.add(prepared);
      const { jobs, answered } = await builder.finish();
      return { id: plan.id, workspaceId: plan.workspaceId, jobs, refused: refusedFiles, answered };
    } catch (error) {
      await builder.abandon();
      throw error;
    }
  };
}

function withConfirmedUpstreams(config: Config, confirmed: (provider: string) => string | undefined): Config {
  const providers = Object.entries(config.providers).map(([name, provider]) => [
    name,
    { ...provider, baseUrl: confirmed(name) ?? provider.baseUrl },
  ]);
  return { ...config, providers: Object.fromEntries(providers) };
}
