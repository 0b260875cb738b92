import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { nodeDisk } from '../../batch/nodeDisk.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { BodyEndpoint } from '../../wire/parsedRequest.ts';
import { parseRequest } from '../../wire/parseRequest.ts';
import { describeError, type Log } from '../log.ts';
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

const endpoints: Readonly<Record<string, BodyEndpoint>> = {
  '/v1/chat/completions': 'chat.completions',
  '/v1/responses': 'responses',
  '/v1/embeddings': 'embeddings',
  '/v1/completions': 'completions',
};

/** The demo provider's files and batches, answered by the same words as its calls. */
export function openDemoBatches({ folder, answer, now, log }: OpenDemoBatchesOptions): DemoBatchApi {
  const disk = nodeDisk(randomUUID);
  const files = createDemoFiles({ disk, folder: join(folder, 'files'), now, newId: randomUUID });
  const batches = createDemoBatches({
    disk,
    folder: join(folder, 'batches'),
    files,
    answer: (path, body) => answerOne(answer, path, body),
    now,
    newId: randomUUID,
    onProblem: (batch, error) => log.warn('demo batch not finished', { batch, error: describeError(error) }),
  });
  return createDemoBatchApi({ files, batches, now });
}

async function answerOne(answer: DemoAnswer, path: string, body: JsonObject): Promise<JsonObject> {
  const endpoint = endpoints[path];
  if (endpoint === undefined) throw new Error('the demo provider has no such endpoint');
  const read = parseRequest(endpoint, Buffer.from(JSON.stringify(body)));
  if ('problem' in read) throw new Error(`the demo provider cannot read a request: ${read.problem}`);
  return answer(read.request);
}
