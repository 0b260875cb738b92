import type { Catalog } from '../catalog/catalog.ts';
import type { Cost } from '../catalog/cost.ts';
import { costOf } from '../catalog/costOf.ts';
import type { Price } from '../catalog/price.ts';
import type { Usage } from '../catalog/usage.ts';
import type { CallWithAttempts } from '../ledger/ledger.ts';
import type { BodyEndpoint } from '../wire/parsedRequest.ts';
import { type ReplyFacts, readReply } from '../wire/replyFacts.ts';
import { usesOfCall } from '../wire/usageReading.ts';
import { type ItemRecord, type JobRecord, present } from './jobRecord.ts';
import type { BatchEndpoint } from './requestRow.ts';
import type { ResultLine } from './resultLine.ts';

/** What one line says was used and what that costs. */
export interface ItemCost {
  /** The model the provider says it ran; else the one asked for. */
  readonly model: string;
  readonly usage: Usage | undefined;
  readonly usageRaw: string | undefined;
  readonly cost: Cost;
  readonly finishReason: string | undefined;
}

/** How the answers of an endpoint are read. */
export const bodyEndpoints: Readonly<Record<BatchEndpoint, BodyEndpoint>> = {
  '/v1/chat/completions': 'chat.completions',
  '/v1/responses': 'responses',
  '/v1/embeddings': 'embeddings',
  '/v1/completions': 'completions',
  '/v1/messages': 'messages',
};

/** The list price of a model; the demo provider answers in the name of models that others sell. */
export function priceOf(catalog: Catalog, job: Pick<JobRecord, 'provider' | 'demo'>, model: string): Price | undefined {
  const found = catalog.lookup(model, job.provider);
  if (found.kind === 'known') return found.model.price;
  const elsewhere = job.demo ? catalog.lookup(model) : found;
  return elsewhere.kind === 'known' ? elsewhere.model.price : undefined;
}

/** Reads usage from the provider's line and prices it at the batch rate. Only answered requests are billed. */
export function costOfLine(line: ResultLine, job: JobRecord, catalog: Catalog): ItemCost {
  const facts: ReplyFacts =
    line.status === 200 && line.body !== undefined ? readReply(bodyEndpoints[job.endpoint], line.body) : {};
  const model = facts.model ?? job.model;
  const reading = facts.usage;
  return {
    model,
    usage: reading?.usage,
    usageRaw: reading === undefined ? undefined : JSON.stringify(reading.raw),
    cost: cost(),
    finishReason: facts.finishReason,
  };

  function cost(): Cost {
    if (line.status !== 200) return { status: 'notBilled', reason: 'the request was not answered' };
    if (reading === undefined) return { status: 'unpriced', reason: 'the provider reported no usage' };
    const price = priceOf(catalog, job, model) ?? priceOf(catalog, job, job.model);
    return costOf(reading.usage, price, {
      serviceTier: 'batch',
      atMs: job.createdAtMs,
      uses: usesOfCall(reading.uses),
      ...present('estimatedBecause', reading.doubt),
    });
  }
}

/**
 * The ledger rows of one item. Their ids follow from the job and the item, so that recording them twice counts once.
 * The call is dated when the job ended: that is when its money was spent, and a batch item has no latency of its own.
 */
export function ledgerRows(job: JobRecord, item: ItemRecord, line: ResultLine, billed: ItemCost): CallWithAttempts {
  const endedAtMs = job.endedAtMs ?? job.createdAtMs;
  return callRows(job, item, {
    ...billed,
    id: `batch:${job.id}:${item.id}`,
    endpoint: 'batch',
    serviceTier: 'batch',
    callStartedAtMs: endedAtMs,
    startedAtMs: job.createdAtMs,
    endedAtMs,
    status: line.status,
    errorClass: line.error === undefined ? undefined : line.error.code || 'failed',
  });
}

export interface BatchCall extends ItemCost {
  readonly id: string;
  readonly endpoint: CallWithAttempts['call']['endpoint'];
  readonly serviceTier: CallWithAttempts['attempts'][number]['serviceTier'];
  readonly callStartedAtMs: number;
  /** Of the attempt. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly status: number;
  readonly errorClass: string | undefined;
}

/** A call with its one attempt. */
export function callRows(job: JobRecord, item: ItemRecord, made: BatchCall): CallWithAttempts {
  const { id, endedAtMs, status, cost } = made;
  const errorClass = present('errorClass', made.errorClass);
  return {
    call: {
      id,
      workspaceId: job.workspaceId,
      startedAtMs: made.callStartedAtMs,
      endedAtMs,
      endpoint: made.endpoint,
      stream: false,
      metered: true,
      modelRequested: item.modelRequested,
      ...present('alias', item.alias),
      cache: 'bypass',
      cacheReason: 'batch',
      status,
      ...errorClass,
      overheadMs: 0,
    },
    attempts: [
      {
        id: `${id}:0`,
        callId: id,
        index: 0,
        provider: job.provider,
        model: made.model,
        demo: job.demo,
        serviceTier: made.serviceTier,
        startedAtMs: made.startedAtMs,
        endedAtMs,
        status,
        ...errorClass,
        ...present('finishReason', made.finishReason),
        usage: made.usage ?? {},
        ...present('usageRaw', made.usageRaw),
        costStatus: cost.status,
        ...('reason' in cost ? { costReason: cost.reason } : {}),
        ...('picoUsd' in cost ? { costPicoUsd: cost.picoUsd, priceId: cost.priceId } : {}),
      },
    ],
  };
}
