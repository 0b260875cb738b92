import type { Catalog } from '../catalog/catalog.ts';
import { costOf } from '../catalog/costOf.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isJsonObject, type JsonObject, objectAt, parseJson } from '../wire/json.ts';
import { readReply } from '../wire/replyFacts.ts';
import { usesOfCall } from '../wire/usageReading.ts';
import { answerText } from './answerText.ts';
import type { BatchDisk } from './batchDisk.ts';
import type { BatchProvider, ProviderFailure } from './batchProvider.ts';
import { tryErrors } from './errors.ts';
import { inputPathOf } from './inputPath.ts';
import { bodyEndpoints, callRows, priceOf } from './itemCost.ts';
import type { TriedRequest } from './job.ts';
import { type ItemRecord, type JobRecord, present } from './jobRecord.ts';
import { readLines } from './readLines.ts';

export interface TryDeps {
  readonly disk: Pick<BatchDisk, 'stream'>;
  readonly dataFolder: string;
  readonly ledger: Pick<Ledger, 'record'>;
  readonly catalogOf: (workspaceId: string) => Catalog;
  readonly book: (workspaceId: string, picoUsd: bigint) => void;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Runs the first request of a planned job at once, at the standard price, and records it as the call that it is. */
export async function tryRequest(
  job: JobRecord,
  item: ItemRecord,
  provider: Pick<BatchProvider, 'runOne'>,
  deps: TryDeps,
): Promise<TriedRequest> {
  const body = await firstBody(job, deps);
  const startedAtMs = deps.now();
  const answer = await provider.runOne(job.endpoint, new Blob([JSON.stringify(body)], { type: 'application/json' }));
  const tried = { promptPath: item.promptPath, ...present('sourceId', item.sourceId), model: job.model };
  if (!answer.ok) return { ...tried, ok: false, problem: problemOf(job, answer.failure) };
  const facts = readReply(bodyEndpoints[job.endpoint], answer.value);
  const model = facts.model ?? job.model;
  const catalog = deps.catalogOf(job.workspaceId);
  const price = priceOf(catalog, job, model) ?? priceOf(catalog, job, job.model);
  const tier = facts.serviceTier ?? 'standard';
  const cost =
    facts.usage === undefined
      ? ({ status: 'unpriced', reason: 'the provider reported no usage' } as const)
      : costOf(facts.usage.usage, price, {
          serviceTier: tier,
          atMs: startedAtMs,
          uses: usesOfCall(facts.usage.uses),
          ...present('estimatedBecause', facts.usage.doubt),
        });
  const endedAtMs = deps.now();
  const { call, attempts } = callRows(job, item, {
    id: `batch-try:${deps.newId()}`,
    endpoint: bodyEndpoints[job.endpoint],
    serviceTier: tier,
    callStartedAtMs: startedAtMs,
    startedAtMs,
    endedAtMs,
    status: 200,
    errorClass: undefined,
    model,
    usage: facts.usage?.usage,
    usageRaw: facts.usage === undefined ? undefined : JSON.stringify(facts.usage.raw),
    cost,
    finishReason: facts.finishReason,
  });
  deps.ledger.record(call, attempts);
  if ('picoUsd' in cost && !job.demo) deps.book(job.workspaceId, BigInt(cost.picoUsd));
  return {
    ...tried,
    ok: true,
    model,
    text: answerText(answer.value),
    latencyMs: endedAtMs - startedAtMs,
    ...present('usage', facts.usage?.usage),
    ...present('finishReason', facts.finishReason),
    costStatus: cost.status,
    ...present('costPicoUsd', 'picoUsd' in cost ? cost.picoUsd : undefined),
  };
}

/** As it would be sent: from the file of the job. */
async function firstBody(job: JobRecord, { disk, dataFolder }: TryDeps): Promise<JsonObject> {
  for await (const { line } of readLines(disk.stream(inputPathOf(dataFolder, job.id)))) {
    const request = parseJson(line.replace(/,$/, ''));
    const body = isJsonObject(request) ? (objectAt(request, 'body') ?? objectAt(request, 'params')) : undefined;
    // Where the batch names the model, its lines do not.
    if (body !== undefined) return { model: job.model, ...body };
  }
  throw new Error('a planned job has no request');
}

function problemOf({ provider }: JobRecord, failure: ProviderFailure): string {
  switch (failure.kind) {
    case 'auth':
      return tryErrors.auth(provider, failure.status);
    case 'notFound':
      return tryErrors.notFound(provider);
    case 'rejected':
      return tryErrors.rejected(provider, failure.status, failure.detail);
    case 'transient':
    case 'queueFull':
      return tryErrors.noAnswer(provider, failure.detail);
  }
}
