import { basename } from 'node:path';
import type { CallWithAttempts } from '../ledger/ledger.ts';
import { parseJson } from '../wire/json.ts';
import { answerText } from './answerText.ts';
import { itemErrors, notes } from './errors.ts';
import { costOfLine, type ItemCost, ledgerRows } from './itemCost.ts';
import type { ItemRecord, JobRecord } from './jobRecord.ts';
import type { StepContext } from './jobStep.ts';
import type { ItemOutcome, WrittenResult } from './jobStore.ts';
import { type PlacedResult, placeResult, sha256Of } from './placeResult.ts';
import { readLines } from './readLines.ts';
import { renderTextResult } from './resultFile.ts';
import { cancelledCode, expiredCode, parseResultLine, type ResultLine } from './resultLine.ts';
import { asTextPath } from './resultPaths.ts';

/** Lines that fit nothing, counted for the job's notes. */
export interface LineFaults {
  unreadable: number;
  unknown: number;
  repeated: number;
}

interface Settled {
  readonly outcome: ItemOutcome;
  /** None for a request that was never run. */
  readonly rows: CallWithAttempts | undefined;
  readonly written: WrittenResult | undefined;
  /** Spent, and not settled before. */
  readonly newPicoUsd: bigint;
}

/** Items whose results, ledger rows and states are made final together: some milliseconds in which nothing else runs. */
const chunkItems = 128;

/**
 * Reads the fetched lines and settles their items: result file, then ledger rows, then the item's state. Killed in
 * between, the next run writes the same file again and the ledger knows the rows.
 */
export async function settleItems(job: JobRecord, paths: readonly string[], context: StepContext): Promise<LineFaults> {
  const { disk, jobs } = context;
  const faults: LineFaults = { unreadable: 0, unknown: 0, repeated: 0 };
  const pending = new Map(jobs.pendingItems(job.id).map((item) => [item.id, item]));
  const copies = copiesOf(pending.values());
  const settledNow = new Set<string>();
  let chunk: Settled[] = [];
  for (const path of paths)
    for await (const { line: text } of readLines(disk.stream(path))) {
      const line = parseResultLine(text);
      const item = line === undefined ? undefined : pending.get(line.customId);
      if (line === undefined) faults.unreadable += 1;
      else if (item !== undefined) {
        pending.delete(item.id);
        settledNow.add(item.id);
        chunk.push(...(await settleAll(job, [item, ...(copies.get(item.id) ?? [])], line, context)));
        if (chunk.length >= chunkItems) chunk = commit(job, chunk, context);
      } else if (settledNow.has(line.customId)) faults.repeated += 1;
      else if (jobs.item(job.id, line.customId) === undefined) faults.unknown += 1;
    }
  commit(job, chunk, context);
  return faults;
}

/** Items that wait for the answer of another one. */
function copiesOf(items: Iterable<ItemRecord>): ReadonlyMap<string, readonly ItemRecord[]> {
  const copies = new Map<string, ItemRecord[]>();
  for (const item of items)
    if (item.copyOf !== undefined) copies.set(item.copyOf, [...(copies.get(item.copyOf) ?? []), item]);
  return copies;
}

function commit(job: JobRecord, chunk: readonly Settled[], { jobs, ledger, book, now }: StepContext): Settled[] {
  if (chunk.length === 0) return [];
  for (const { rows } of chunk) if (rows !== undefined) ledger.record(rows.call, rows.attempts);
  ledger.flush();
  jobs.finish(
    job.id,
    chunk.map(({ outcome }) => outcome),
    chunk.map(({ written }) => written).filter((written) => written !== undefined),
    now(),
  );
  const spent = chunk.reduce((sum, { newPicoUsd }) => sum + newPicoUsd, 0n);
  if (spent > 0n && !job.demo) book(job.workspaceId, spent);
  return [];
}

/** An item and those that get its answer too. */
async function settleAll(
  job: JobRecord,
  [item, ...copies]: readonly [ItemRecord, ...ItemRecord[]],
  line: ResultLine,
  context: StepContext,
): Promise<Settled[]> {
  const first = await settle(job, item, line, context);
  const settled = [first];
  for (const copy of copies) settled.push(await settleCopy(job, copy, item, line, context));
  return settled;
}

/** Not sent, so not billed; its result says whose answer it is. */
async function settleCopy(
  job: JobRecord,
  copy: ItemRecord,
  original: ItemRecord,
  line: ResultLine,
  context: StepContext,
): Promise<Settled> {
  const billed = costOfLine(line, job, context.catalogOf(job.workspaceId));
  const reason = `the answer to the same request of ${basename(original.promptPath)}`;
  const free: ItemCost = { ...billed, cost: { status: 'notBilled', reason } };
  const placed = await placedAnswer(job, copy, line, free, context);
  return {
    outcome: { ...outcomeOf(copy, line, free, placed), usage: undefined },
    rows: undefined,
    written: placed?.written,
    newPicoUsd: 0n,
  };
}

async function settle(job: JobRecord, item: ItemRecord, line: ResultLine, context: StepContext): Promise<Settled> {
  const billed = costOfLine(line, job, context.catalogOf(job.workspaceId));
  const placed = await placedAnswer(job, item, line, billed, context);
  const outcome = outcomeOf(item, line, billed, placed);
  const rows = line.status === 0 ? undefined : ledgerRows(job, item, line, billed);
  // Collected once more, it is not spent once more.
  const isNew = item.costStatus === undefined && outcome.costPicoUsd !== undefined;
  return { outcome, rows, written: placed?.written, newPicoUsd: isNew ? BigInt(outcome.costPicoUsd ?? 0) : 0n };
}

/** Undefined where there is no answer, or no file of its own for it. */
async function placedAnswer(
  job: JobRecord,
  item: ItemRecord,
  { error, body }: ResultLine,
  billed: ItemCost,
  context: StepContext,
): Promise<PlacedResult | undefined> {
  if (error !== undefined || body === undefined || item.resultKind === 'rows') return undefined;
  return writeAnswer(job, item, answerText(body), billed, context);
}

function outcomeOf(
  item: ItemRecord,
  line: ResultLine,
  billed: ItemCost,
  placed: PlacedResult | undefined,
): ItemOutcome {
  const isAnswer = line.error === undefined && line.body !== undefined;
  return {
    id: item.id,
    state: isAnswer ? 'succeeded' : failedState(line),
    error: isAnswer ? undefined : errorText(line),
    note: placed?.note ?? item.note,
    resultPath: placed?.path ?? item.resultPath,
    usage: billed.usage,
    costPicoUsd: 'picoUsd' in billed.cost ? billed.cost.picoUsd : undefined,
    costStatus: billed.cost.status,
  };
}

function failedState({ error }: ResultLine): 'failed' | 'expired' | 'cancelled' {
  if (error?.code === expiredCode) return 'expired';
  return error?.code === cancelledCode ? 'cancelled' : 'failed';
}

function errorText({ status, error }: ResultLine): string {
  if (error === undefined) return itemErrors.missing();
  if (error.code === expiredCode) return itemErrors.notRunExpired();
  if (error.code === cancelledCode) return itemErrors.notRunCancelled();
  if (status !== 0 && status !== 200) return itemErrors.status(status, error.message || error.code);
  return itemErrors.code(error.code, error.message);
}

async function writeAnswer(
  job: JobRecord,
  item: ItemRecord,
  answer: string,
  billed: ItemCost,
  context: StepContext,
): Promise<PlacedResult> {
  const wantsJson = item.resultKind === 'json';
  if (wantsJson && parseJson(answer) !== undefined) return place(job, item, 'json', `${answer.trim()}\n`, context);
  const facts = {
    job,
    promptPath: item.promptPath,
    model: billed.model,
    usage: billed.usage,
    cost: billed.cost,
    endedAtMs: job.endedAtMs ?? job.createdAtMs,
    finishReason: billed.finishReason,
  };
  const text = renderTextResult(facts, answer);
  if (!wantsJson) return place(job, item, 'text', text, context);
  const placed = await place(job, { ...item, resultPath: asTextPath(item.resultPath) }, 'text', text, context);
  return { ...placed, note: [notes.notJson(), placed.note].filter((note) => note !== undefined).join(' ') };
}

function place(
  job: JobRecord,
  item: ItemRecord,
  kind: 'text' | 'json',
  text: string,
  context: StepContext,
): Promise<PlacedResult> {
  const publish = (path: string): Promise<void> => context.disk.replace(path, text);
  return placeResult(context, job, item, kind, { sha256: sha256Of(text), publish });
}

/** What is said of the lines that fitted nothing. */
export function faultNotes({ unreadable, unknown, repeated }: LineFaults): string[] {
  return [
    ...(unreadable === 0 ? [] : [notes.unreadableLines(unreadable)]),
    ...(unknown === 0 ? [] : [notes.unknownLines(unknown)]),
    ...(repeated === 0 ? [] : [notes.repeatedLines(repeated)]),
  ];
}
