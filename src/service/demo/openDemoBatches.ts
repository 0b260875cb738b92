import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { nodeDisk } from '../../batch/nodeDisk.ts';
import { describeError, type Log } from '../log.ts';
import { answerAtPath } from './answerAtPath.ts';
import type { DemoAnswer } from './createDemoAnswer.ts';
import { createDemoBatches } from './createDemoBatches.ts';
import { createDemoBatchApi, type DemoBatchApi } from './demoBatchApi.ts';
import { createDemoFiles } from './demoFiles.ts';

export interface OpenDemoBatchesOptions {
  /** Of the demo provider's own state; outlives the service. */
  readonly folder: string;
  readonly answer: DemoAnswer;
  readonly now: () => number;
  readonly log: Log;
}

/** The demo provider's files and batches, answered by the same words as its calls. */
export function openDemoBatches({ folder, answer, now, log }: OpenDemoBatchesOptions): DemoBatchApi {
  const disk = nodeDisk(randomUUID);
  const files = createDemoFiles({ disk, folder: join(folder, 'files'), now, newId: randomUUID });
  const batches = createDemoBatches({
    disk,
    folder: join(folder, 'batches'),
    files,
    answer: (path, body) => answerAtPath(answer, path, body),
    now,
    newId: randomUUID,
    onProblem: (batch, error) => log.warn('demo batch not finished', { batch, error: describeError(error) }),
  });
  return createDemoBatchApi({ files, batches, now });
}
