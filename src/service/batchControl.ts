import * as z from 'zod';
import type { BatchPlan, Job, JobItem, JobItems, PlanBatch, TriedRequest } from './api.ts';
import { numberIn, type Operations } from './controlOperation.ts';
import { readControlBody } from './readControlBody.ts';

/** Batch jobs as the control plane needs them. Each may throw `ControlRefused`. */
export interface BatchOperations {
  plan(request: PlanBatch): Promise<BatchPlan>;
  planAgain(jobId: string): Promise<BatchPlan>;
  tryOne(planId: string): Promise<TriedRequest>;
  submit(planId: string): Promise<readonly Job[]>;
  jobs(workspaceId: string): readonly Job[];
  items(jobId: string, from: number, limit: number): Promise<readonly JobItem[]>;
  cancel(jobId: string): Promise<Job>;
  collect(jobId: string): Promise<Job>;
  forget(jobId: string): Promise<void>;
}

const planBatch = z.object({
  workspaceId: z.string(),
  promptPaths: z.array(z.string().min(1)).min(1),
  defaultModel: z.string().optional(),
  keepDuplicates: z.boolean().optional(),
});
const submitBatch = z.object({ planId: z.string() });

/** Items of a job in one answer. */
const mostItems = 1000;

/**
 * The control plane's `/batch/…`.
 * @param known yields the id of a workspace, and throws `ControlRefused` where there is none
 */
export function batchControl(batch: BatchOperations, known: (workspaceId: string) => string): Operations {
  return {
    'POST /batch/plan': async ({ request }) => {
      const { defaultModel, keepDuplicates = false, ...rest } = await readControlBody(request, planBatch);
      known(rest.workspaceId);
      return batch.plan({ ...rest, keepDuplicates, ...(defaultModel === undefined ? {} : { defaultModel }) });
    },
    'POST /batch/submit': async ({ request }) => {
      const { planId } = await readControlBody(request, submitBatch);
      return { jobs: await batch.submit(planId) };
    },
    'POST /batch/try': async ({ request }) => batch.tryOne((await readControlBody(request, submitBatch)).planId),
    'GET /batch/jobs/:id/items': async ({ id, query }): Promise<JobItems> => ({
      items: await batch.items(id, numberIn(query, 'from'), Math.min(mostItems, numberIn(query, 'limit'))),
    }),
    'POST /batch/jobs/:id/plan': ({ id }) => batch.planAgain(id),
    'GET /batch/jobs': ({ query }) => ({ jobs: batch.jobs(known(query.get('workspace') ?? '')) }),
    'POST /batch/jobs/:id/cancel': ({ id }) => batch.cancel(id),
    'POST /batch/jobs/:id/collect': ({ id }) => batch.collect(id),
    'DELETE /batch/jobs/:id': ({ id }) => batch.forget(id),
  };
}
