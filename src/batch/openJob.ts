import { costOf } from '../catalog/costOf.ts';
import type { FileWriter } from './batchDisk.ts';
import { createCustomIds, jobMark } from './customIds.ts';
import type { InputTokens } from './inputTokens.ts';
import type { PlannedItem, PlannedJob } from './job.ts';
import { type ItemRecord, type JobRecord, type NewItem, present } from './jobRecord.ts';
import type { BatchLimits } from './limits.ts';
import type { PreparedRequest } from './preparedRequest.ts';
import { batchBodyEnd, batchBodyStart, lineOf } from './requestLine.ts';
import { embeddingInputsOf, messagesEndpoint } from './requestRow.ts';
import { worstCaseOf } from './worstCase.ts';

/** What is known of a request when it is placed. */
export interface Placing {
  readonly input: InputTokens;
  readonly resultPath: string;
  readonly digest: string;
}

/** A job while requests are added to it. */
export interface OpenJob {
  readonly planned: () => PlannedJob;
  readonly record: () => JobRecord;
  readonly id: string;
  /** The items added since the last call. */
  takeItems(): readonly NewItem[];
  /** Undefined = it is full, and the request belongs into another job; else the item's id. */
  add(request: PreparedRequest, placing: Placing): Promise<string | undefined>;
  /** Adds an item that is not sent: it gets the answer of another one, or (`@JOB`) has that of an earlier job. */
  addCopy(request: PreparedRequest, placing: Placing, copyOf: string): void;
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
  /** Waiting tokens that the provider allows of this model. */
  readonly queueLimitTokens: number | undefined;
  /** Decides provider, model and endpoint. */
  readonly first: PreparedRequest;
}

/** Sums of picodollars; undefined once one item has none. */
interface Money {
  batch: bigint | undefined;
  standard: bigint | undefined;
  maxBatch: bigint | undefined;
  maxStandard: bigint | undefined;
  /** Also where an answer has no bound but its model's. */
  worst: bigint | undefined;
}

const bufferedBytes = 1_000_000;
/** Items that a plan lists one by one. */
const shownItems = 1000;

/** Begins a job whose lines go to `writer` as they come. */
export function openJob({ first, writer, limits, queueLimitTokens, ...job }: OpenJobOptions): OpenJob {
  const { target, endpoint } = first;
  const nameItem = createCustomIds(endpoint === messagesEndpoint ? jobMark(job.id) : '');
  let items: NewItem[] = [];
  const shown: PlannedItem[] = [];
  const money: Money = { batch: 0n, standard: 0n, maxBatch: 0n, maxStandard: 0n, worst: 0n };
  let tryPicoUsd: bigint | undefined;
  const sums = { bytes: 0, inputTokens: 0, embeddingInputs: 0, sent: 0, copies: 0, listed: 0 };
  let maxOutputTokens: number | undefined = 0;
  let isExact = true;
  let alias = target.alias;
  let buffer: string[] = [batchBodyStart(endpoint)];
  let buffered = 0;

  const flush = async (): Promise<void> => {
    const text = buffer.join('');
    buffer = [];
    buffered = 0;
    if (text !== '') await writer.write(text);
  };
  const isFull = (bytes: number, inputs: number, tokens: number): boolean =>
    sums.sent > 0 &&
    (sums.sent >= limits.maxItems ||
      sums.bytes + bytes > limits.maxBytes ||
      sums.embeddingInputs + inputs > limits.maxEmbeddingInputs ||
      (queueLimitTokens !== undefined && sums.inputTokens + tokens > queueLimitTokens));
  const list = (
    request: PreparedRequest,
    id: string,
    { input, resultPath, digest }: Placing,
    copyOf?: string,
  ): void => {
    const isCarried = copyOf?.startsWith('@') === true;
    items.push({
      ...itemOf(request, id, job.id, sums.listed, resultPath),
      digest,
      copyOf,
      state: isCarried ? 'succeeded' : 'pending',
      variables: request.variables && JSON.stringify(request.variables),
    });
    sums.listed += 1;
    if (request.target.alias !== target.alias) alias = undefined;
    if (shown.length < shownItems && !isCarried) shown.push(plannedItemOf(request, id, input, copyOf));
  };

  return {
    id: job.id,
    takeItems: () => {
      const taken = items;
      items = [];
      return taken;
    },
    add: async (request, placing) => {
      const { input } = placing;
      const inputs = endpoint === '/v1/embeddings' ? embeddingInputsOf(request.body) : 0;
      const id = nameItem(request.wishedId);
      const line = lineOf(id, request, sums.sent === 0);
      const size = Buffer.byteLength(line);
      if (isFull(size, inputs, input.tokens)) return undefined;
      list(request, id, placing);
      addMoney(money, request, input);
      if (sums.sent === 0) tryPicoUsd = target.demo ? 0n : worstCaseOf(request, input, 'standard');
      sums.sent += 1;
      sums.bytes += size;
      sums.inputTokens += input.tokens;
      sums.embeddingInputs += inputs;
      isExact = isExact && input.basis === 'exact';
      maxOutputTokens =
        maxOutputTokens === undefined || request.maxOutputTokens === undefined
          ? undefined
          : maxOutputTokens + request.maxOutputTokens;
      buffer.push(line);
      buffered += size;
      if (buffered >= bufferedBytes) await flush();
      return id;
    },
    addCopy: (request, placing, copyOf) => {
      if (!copyOf.startsWith('@')) sums.copies += 1;
      list(request, nameItem(request.wishedId), placing, copyOf);
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
      items: shown,
      itemCount: sums.sent + sums.copies,
      duplicates: sums.copies,
      bytes: sums.bytes,
      limits: { maxItems: limits.maxItems, maxBytes: limits.maxBytes },
      inputTokens: sums.inputTokens,
      inputTokensBasis: isExact ? 'exact' : 'estimated',
      ...present('maxOutputTokens', maxOutputTokens),
      ...present('queueLimitTokens', queueLimitTokens),
      ...present('batchPicoUsd', numberOf(money.batch)),
      ...present('standardPicoUsd', numberOf(money.standard)),
      ...present('maxBatchPicoUsd', numberOf(money.maxBatch)),
      ...present('maxStandardPicoUsd', numberOf(money.maxStandard)),
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
      size: sums.sent,
      inputTokens: sums.inputTokens,
      worstPicoUsd: target.demo ? 0n : money.worst,
      tryPicoUsd,
      isUnpriced: target.price === undefined,
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

function itemOf(
  request: PreparedRequest,
  id: string,
  jobId: string,
  position: number,
  resultPath: string,
): Omit<ItemRecord, 'state' | 'digest' | 'copyOf'> {
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
    error: undefined,
    note: undefined,
    usage: undefined,
    costPicoUsd: undefined,
    costStatus: undefined,
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
function addMoney(money: Money, request: PreparedRequest, counted: InputTokens): void {
  const { target, maxOutputTokens: output } = request;
  const { tokens } = counted;
  const price = target.price;
  const input = { input: tokens };
  money.batch = plus(money.batch, picoUsdOf(costOf(input, price, { serviceTier: 'batch' })));
  money.standard = plus(money.standard, picoUsdOf(costOf(input, price)));
  const whole = output === undefined ? undefined : { ...input, output };
  money.maxBatch = plus(money.maxBatch, picoUsdOf(whole && costOf(whole, price, { serviceTier: 'batch' })));
  money.maxStandard = plus(money.maxStandard, picoUsdOf(whole && costOf(whole, price)));
  const worst = worstCaseOf(request, counted, 'batch');
  money.worst = money.worst === undefined || worst === undefined ? undefined : money.worst + worst;
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
