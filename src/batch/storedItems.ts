import type { CostStatus } from '../catalog/cost.ts';
import { type Usage, usageKinds } from '../catalog/usage.ts';
import { isJsonObject, numberAt, parseJson } from '../wire/json.ts';
import type { ItemState } from './job.ts';
import type { ItemRecord, ResultKind } from './jobRecord.ts';
import type { Row, Values } from './storedRows.ts';

// Read by hand: a job has up to 50,000 items, and a schema would take a second for them.

const resultKinds: readonly ResultKind[] = ['text', 'json', 'rows'];
const states: readonly ItemState[] = ['pending', 'succeeded', 'failed', 'expired', 'cancelled', 'missing'];
const costStatuses: readonly CostStatus[] = ['exact', 'estimated', 'unpriced', 'notBilled'];

function unreadable(column: string): Error {
  return new Error(`batch_item.${column} is not what was written`);
}

function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw unreadable(column);
  return value;
}

function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

function optionalNumber(row: Row, column: string): number | undefined {
  const value = row[column];
  if (value === null) return undefined;
  if (typeof value !== 'number') throw unreadable(column);
  return value;
}

function oneOf<T extends string>(row: Row, column: string, known: readonly T[]): T {
  const found = known.find((one) => one === row[column]);
  if (found === undefined) throw unreadable(column);
  return found;
}

function storedUsage(json: string | undefined): Usage | undefined {
  if (json === undefined) return undefined;
  const value = parseJson(json);
  if (!isJsonObject(value)) throw unreadable('usage');
  return usageOf(usageKinds.map((kind) => [kind, numberAt(value, kind)]));
}

/** The known kinds among some. */
export function usageOf(entries: readonly (readonly [kind: string, tokens: number | undefined])[]): Usage {
  const usage: Partial<Record<(typeof usageKinds)[number], number>> = {};
  for (const [name, tokens] of entries) {
    const kind = usageKinds.find((known) => known === name);
    if (kind !== undefined && tokens !== undefined) usage[kind] = tokens;
  }
  return usage;
}

/** A row of `batch_item`. Throws where it holds what we never write. */
export function itemOfRow(row: Row): ItemRecord {
  return {
    jobId: text(row, 'job_id'),
    id: text(row, 'id'),
    position: optionalNumber(row, 'position') ?? 0,
    promptPath: text(row, 'prompt_path'),
    resultPath: text(row, 'result_path'),
    resultKind: oneOf(row, 'result_kind', resultKinds),
    sourceId: optionalText(row, 'source_id'),
    sourceLine: optionalNumber(row, 'source_line'),
    modelRequested: text(row, 'model_requested'),
    alias: optionalText(row, 'alias'),
    state: oneOf(row, 'state', states),
    error: optionalText(row, 'error'),
    note: optionalText(row, 'note'),
    usage: storedUsage(optionalText(row, 'usage')),
    costPicoUsd: optionalNumber(row, 'cost_pico_usd'),
    costStatus: row.cost_status === null ? undefined : oneOf(row, 'cost_status', costStatuses),
    digest: optionalText(row, 'digest'),
    copyOf: optionalText(row, 'copy_of'),
  };
}

/** Every column of `batch_item`. */
export function itemValues(item: ItemRecord): Values {
  return {
    job_id: item.jobId,
    id: item.id,
    position: item.position,
    prompt_path: item.promptPath,
    result_path: item.resultPath,
    result_kind: item.resultKind,
    source_id: item.sourceId ?? null,
    source_line: item.sourceLine ?? null,
    model_requested: item.modelRequested,
    alias: item.alias ?? null,
    state: item.state,
    error: item.error ?? null,
    note: item.note ?? null,
    usage: item.usage === undefined ? null : JSON.stringify(item.usage),
    cost_pico_usd: item.costPicoUsd ?? null,
    cost_status: item.costStatus ?? null,
    digest: item.digest ?? null,
    copy_of: item.copyOf ?? null,
  };
}
