import { totalInputTokens, totalOutputTokens } from '../../catalog/usage.ts';
import type { DatabaseRow } from '../columnValue.ts';
import type { AttemptRow, CacheOutcome, CallRow } from '../rows.ts';

/** The column each count is kept in. `unpricedHits`: answers of the cache whose saving is not known. */
export const countColumns = {
  calls: 'calls',
  unmetered: 'unmetered',
  failed: 'failed',
  unpricedHits: 'unpriced_hits',
  hitExact: 'hit_exact',
  hitWording: 'hit_wording',
  hitSemantic: 'hit_semantic',
  joined: 'joined',
  shadowExact: 'shadow_exact',
  shadowWording: 'shadow_wording',
  shadowSemantic: 'shadow_semantic',
  miss: 'miss',
  bypass: 'bypass',
  attempts: 'attempts',
  unpriced: 'unpriced',
  estimated: 'estimated',
  demo: 'demo',
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
} as const;

/** The two columns each sum of money is kept in: `milliUsd` and what is left in picodollars, because 64 bits end at $9.2 million. */
export const moneyColumns = {
  saved: ['saved_milli_usd', 'saved_pico_usd'],
  shadowSaved: ['shadow_saved_milli_usd', 'shadow_saved_pico_usd'],
  cost: ['cost_milli_usd', 'cost_pico_usd'],
} as const;

export const picoPerMilliUsd = 1_000_000_000n;

export type CountName = keyof typeof countColumns;
export type MoneyName = keyof typeof moneyColumns;

/** Sums over calls and attempts. Money is picodollars. */
export type CellSums = Record<CountName, number> & Record<MoneyName, bigint>;

export const hitOutcomes: readonly CacheOutcome[] = ['hitExact', 'hitWording', 'hitSemantic', 'joined'];
export const shadowOutcomes: readonly CacheOutcome[] = ['shadowExact', 'shadowWording', 'shadowSemantic'];

export function noSums(): CellSums {
  return {
    calls: 0,
    unmetered: 0,
    failed: 0,
    unpricedHits: 0,
    hitExact: 0,
    hitWording: 0,
    hitSemantic: 0,
    joined: 0,
    shadowExact: 0,
    shadowWording: 0,
    shadowSemantic: 0,
    miss: 0,
    bypass: 0,
    attempts: 0,
    unpriced: 0,
    estimated: 0,
    demo: 0,
    inputTokens: 0,
    outputTokens: 0,
    saved: 0n,
    shadowSaved: 0n,
    cost: 0n,
  };
}

export const countNames = keysOf(countColumns);
export const moneyNames = keysOf(moneyColumns);

function keysOf<K extends string>(columns: Readonly<Record<K, unknown>>): readonly K[] {
  const keys: K[] = [];
  for (const key in columns) keys.push(key);
  return keys;
}

/** Every column of a cell's sums. */
export const sumColumns: readonly string[] = [
  ...countNames.map((name) => countColumns[name]),
  ...moneyNames.flatMap((name) => moneyColumns[name]),
];

/** The values of `sumColumns`. */
export function columnValues(sums: Readonly<CellSums>): (number | bigint)[] {
  return [
    ...countNames.map((name) => sums[name]),
    ...moneyNames.flatMap((name) => [sums[name] / picoPerMilliUsd, sums[name] % picoPerMilliUsd]),
  ];
}

/** A row of `sumColumns`, read with big integers. */
export function sumsOf(row: DatabaseRow): CellSums {
  const sums = noSums();
  for (const name of countNames) sums[name] = Number(row[countColumns[name]] ?? 0);
  for (const name of moneyNames) sums[name] = moneyOf(row, name);
  return sums;
}

/** The picodollars of a row that was read with big integers. */
export function moneyOf(row: DatabaseRow, name: MoneyName): bigint {
  const [milli, pico] = moneyColumns[name];
  return whole(row[milli]) * picoPerMilliUsd + whole(row[pico]);
}

function whole(value: DatabaseRow[string] | undefined): bigint {
  return typeof value === 'bigint' ? value : 0n;
}

/** Adds `more` to `sums`. */
export function addSums(sums: CellSums, more: Readonly<CellSums>): void {
  for (const name of countNames) sums[name] += more[name];
  for (const name of moneyNames) sums[name] += more[name];
}

/** Adds what a call counts for, without its attempts. */
export function addCall(sums: CellSums, { cache, metered, status, savedPicoUsd }: CallRow): void {
  sums.calls += 1;
  sums.unmetered += Number(!metered);
  sums.failed += Number(status >= 400);
  sums[cache] += 1;
  if (hitOutcomes.includes(cache)) {
    sums.saved += BigInt(savedPicoUsd ?? 0);
    sums.unpricedHits += Number(savedPicoUsd === undefined);
  } else if (shadowOutcomes.includes(cache)) sums.shadowSaved += BigInt(savedPicoUsd ?? 0);
}

export function addAttempt(sums: CellSums, { costStatus, demo, usage, costPicoUsd }: AttemptRow): void {
  sums.attempts += 1;
  sums.unpriced += Number(costStatus === 'unpriced');
  sums.estimated += Number(costStatus === 'estimated');
  sums.demo += Number(demo);
  sums.inputTokens += totalInputTokens(usage);
  sums.outputTokens += totalOutputTokens(usage);
  sums.cost += BigInt(costPicoUsd ?? 0);
}
