import type { PlanRequest } from './createPlanner.ts';
import type { ItemRecord, JobRecord } from './jobRecord.ts';

/** What of a job is to be sent again: everything that has no answer. Undefined = all was answered. */
export function repeatOf(job: Pick<JobRecord, 'workspaceId'>, items: readonly ItemRecord[]): PlanRequest | undefined {
  const open = items.filter(({ state }) => state !== 'succeeded');
  const [first] = open;
  if (first === undefined) return undefined;
  const only = new Map<string, Set<string>>();
  for (const { promptPath, sourceId } of open) {
    const chosen = only.get(promptPath) ?? new Set();
    if (sourceId !== undefined) chosen.add(sourceId);
    only.set(promptPath, chosen);
  }
  return { workspaceId: job.workspaceId, promptPaths: [...only.keys()], defaultModel: first.modelRequested, only };
}
