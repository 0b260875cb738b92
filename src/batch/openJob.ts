import { createHash } from 'node:crypto';
import { costOf } from '../catalog/costOf.ts';
import type { FileWriter } from './batchDisk.ts';
import { createCustomIds, jobMark } from './customIds.ts';
import type { InputTokens } from './inputTokens.ts';
import type { PlannedItem, PlannedJob } from './job.ts';
import { type ItemRecord, type JobRecord, present } from './jobRecord.ts';
import type { BatchLimits } from './limits.ts';
import type { PreparedRequest } from './preparedRequest.ts';
import { batchBodyEnd, batchBodyStart, lineOf } from './requestLine.ts';
import { embeddingInputsOf, messagesEndpoint } from './requestRow.ts';

/** A job while requests are added to it. */
export interface OpenJob {
  readonly planned: () => PlannedJob;
  readonly record: () => JobRecord;
  readonly id: string;
  /** The items added since the last call. */
  takeItems(): readonly ItemRecord[];
  /** False = it is full, and the request belongs into another job. */
  add(request: PreparedRequest, input: InputTokens, resultPath: string): Promise<boolean>;
  close(): Promise<void>;
  /** Ends it without a trace on disk. */
  discard(): Promise<void>;
}

export interface OpenJobOptions {
  readonly id: string;
  readonly planId: string;
  readonly workspaceId: string;
  readonly nowMs: number;
  readonly writer: FileWriter;
  readonly limits: BatchLimits;
  /** Decides provider, model and endpoint. */
  readonly first: PreparedRequest;
  /** Ids of this plan by what is asked; shared by its jobs. */
  readonly asked: Map<string, string>;
}

/** Sums of picodollars; undefined once one item has none. */
interface Money {
  batch: bigint | undefined;
  standard: bigint | undefined;
  maxBatch: bigint | undefined;
}

const bufferedBytes = 1_000_000;

/** Begins a job whose lines go to `writer` as they come. */
export function openJob({ first, writer, limits, asked, ...job }: OpenJobOptions): OpenJob {
  const { target, endpoint } = first;
  const nameItem = createCustomIds(endpoint === messagesEndpoint ? jobMark(job.id) : '');
  let items: ItemRecord[] = [];
  const plannedItems: PlannedItem[] = [];
  const money: Money = { batch: 0n, standard: 0n, maxBatch: 0n };
  let bytes = 0;
  let inputTokens = 0;
  let embeddingInputs = 0;
  let alias = target.alias;
  let buffer: string[] = [batchBodyStart(endpoint)];
  let buffered = 0;

  const flush = async (): Promise<void> => {
    const text = buffer.join('');
    buffer = [];
    buffered = 0;
    if (text !== '') await writer.write(text);
  };

  return {
    id: job.id,
    takeItems: () => {
      const taken = items;
      items = [];
      return taken;
    },
    add: async (request, input, resultPath) => {
      const id = nameItem(request.wishedId);
      const line = lineOf(id, request, plannedItems.length === 0);
      const size = Buffer.byteLength(line);
      const inputs = endpoint === '/v1/embeddings' ? embeddingInputsOf(request.body) : 0;
      const isFull =
        plannedItems.length >= limits.maxItems ||
        bytes + size > limits.maxBytes ||
        embeddingInputs + inputs > limits.maxEmbeddingInputs;
      if (isFull && plannedItems.length > 0) return false;
      const digest = createHash('sha256').update(endpoint).update(request.bodyJson).digest('base64');
      const duplicateOf = asked.get(digest);
      if (duplicateOf === undefined) asked.set(digest, id);
      if (request.target.alias !== target.alias) alias = undefined;
      items.push(itemOf(request, id, job.id, plannedItems.length, resultPath));
      plannedItems.push(plannedItemOf(request, id, input, duplicateOf));
      addMoney(money, request, input);
      bytes += size;
      inputTokens += input.tokens;
      embeddingInputs += inputs;
      buffer.push(line);
      buffered += size;
      if (buffered >= bufferedBytes) await flush();
      return true;
    },
    close: async () => {
      buffer.push(batchBodyEnd(endpoint));
      await flush();
      await writer.close(true);
    },
    discard: () => writer.close(false),
    planned: () => ({
      provider: target.provider,
      model: target.model,
      ...present('alias', alias),
      endpoint,
      demo: target.demo,
      items: plannedItems,
      inputTokens,
      ...present('batchPicoUsd', numberOf(money.batch)),
      ...present('standardPicoUsd', numberOf(money.standard)),
      ...present('maxBatchPicoUsd', numberOf(money.maxBatch)),
      ...present('priceId', target.price?.id),
    }),
    record: () => ({
      ...newRecord,
      id: job.id,
      planId: job.planId,
      workspaceId: job.workspaceId,
      provider: target.provider,
      baseUrl: target.baseUrl,
      model: target.model,
      alias,
      endpoint,
      demo: target.demo,
      createdAtMs: job.nowMs,
      phaseAtMs: job.nowMs,
      estimatedPicoUsd: numberOf(money.batch),
      size: plannedItems.length,
      inputTokens,
    }),
  };
}

const newRecord = {
  state: 'planned',
  phase: 'new',
  endedAtMs: undefined,
  inputFileId: undefined,
  providerBatchId: undefined,
  outputFileId: undefined,
  errorFileId: undefined,
  spentBatchIds: [],
  seenBatchIds: [],
  unconfirmed: false,
  billed: undefined,
  expiryWarned: false,
  counts: undefined,
  problem: undefined,
  notes: [],
  cancelRequested: false,
  collected: false,
} as const;

function itemOf(request: PreparedRequest, id: string, jobId: string, position: number, resultPath: string): ItemRecord {
  return {
    jobId,
    id,
    position,
    promptPath: request.promptPath,
    resultPath,
    resultKind: request.resultKind,
    sourceId: request.sourceId,
    sourceLine: request.sourceLine,
    modelRequested: request.modelRequested,
    alias: request.target.alias,
    state: 'pending',
    error: undefined,
    note: undefined,
    usage: undefined,
    costPicoUsd: undefined,
    costStatus: undefined,
    digest: undefined,
    copyOf: undefined,
  };
}

function plannedItemOf(
  request: PreparedRequest,
  id: string,
  input: InputTokens,
  duplicateOf: string | undefined,
): PlannedItem {
  return {
    id,
    promptPath: request.promptPath,
    ...present('sourceId', request.sourceId),
    ...present('duplicateOf', duplicateOf),
    ...present('ignored', request.ignored.length === 0 ? undefined : request.ignored),
    inputTokens: input.tokens,
    inputTokensBasis: input.basis,
    ...present('maxOutputTokens', request.maxOutputTokens),
  };
}

/** Each request is priced by itself: a long-context tier depends on the one request. */
function addMoney(money: Money, { target, maxOutputTokens: output }: PreparedRequest, { tokens }: InputTokens): void {
  const price = target.price;
  const input = { input: tokens };
  money.batch = plus(money.batch, picoUsdOf(costOf(input, price, { serviceTier: 'batch' })));
  money.standard = plus(money.standard, picoUsdOf(costOf(input, price)));
  const bound = output === undefined ? undefined : costOf({ ...input, output }, price, { serviceTier: 'batch' });
  money.maxBatch = plus(money.maxBatch, picoUsdOf(bound));
}

function picoUsdOf(cost: ReturnType<typeof costOf> | undefined): number | undefined {
  return cost !== undefined && 'picoUsd' in cost ? cost.picoUsd : undefined;
}

function plus(sum: bigint | undefined, picoUsd: number | undefined): bigint | undefined {
  return sum === undefined || picoUsd === undefined ? undefined : sum + BigInt(picoUsd);
}

function numberOf(sum: bigint | undefined): number | undefined {
  return sum === undefined ? undefined : Number(sum);
}
