import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type DatabaseRow, text } from '../columnValue.ts';
import { type CellSums, moneyOf, sumsOf } from './cellSums.ts';
import { hourMs, hoursPerDay } from './createRollup.ts';
import { type SqlQuestion, seriesQuestion, sumQuestions } from './rollupSql.ts';
import { spansOf } from './spans.ts';
import { type Dimension, type SpendFilter, shapeFor } from './spendFilter.ts';
import type { Subject } from './subjects.ts';

/** Half open, milliseconds since 1970. */
export interface SpendWindow {
  readonly workspaceId: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export type SubjectCell = Omit<Subject, 'workspaceId'> & { readonly sums: CellSums };

/** What was spent on one `key` in one bucket of time. */
export interface SpentCell {
  readonly startMs: number;
  readonly key: string | undefined;
  readonly costPicoUsd: bigint;
}

export type Bucket = 'hour' | 'day';

/** Milliseconds of a bucket. */
export const bucketMs: Readonly<Record<Bucket, number>> = { hour: hourMs, day: hourMs * hoursPerDay };

/** Sums of committed rows: of whole days and hours from the cells, of the ends of a window from the rows themselves. */
export interface RollupReader {
  /** Several entries may be of one subject; properties that were not asked for may be absent. */
  sums(window: SpendWindow, filter: SpendFilter, asked: readonly Dimension[]): SubjectCell[];
  /** What was spent by bucket (UTC) and one dimension; a bucket may come in several parts. */
  series(window: SpendWindow, filter: SpendFilter, by: Dimension, bucket: Bucket): SpentCell[];
}

export function createRollupReader(database: DatabaseSync): RollupReader {
  const all = createAsker(database, 'bigint');
  return {
    sums: ({ workspaceId, fromMs, toMs }, filter, asked) => {
      const narrowed = { workspaceId, filter, shape: shapeFor(filter, asked) };
      return spansOf(fromMs, toMs)
        .flatMap((span) => sumQuestions(span, narrowed))
        .flatMap(all)
        .map(subjectCellOf);
    },
    series: ({ workspaceId, fromMs, toMs }, filter, by, bucket) => {
      const narrowed = { workspaceId, filter, shape: shapeFor(filter, [by]) };
      return spansOf(fromMs, toMs, bucket)
        .map((span) => seriesQuestion(span, narrowed, by, bucketMs[bucket]))
        .flatMap(all)
        .map((row) => ({
          startMs: Number(row.bucket) * bucketMs[bucket],
          key: text(row, 'key'),
          costPicoUsd: moneyOf(row, 'cost'),
        }));
    },
  };
}

/** Asks questions of which there are few texts; each is prepared once. */
export function createAsker(
  database: DatabaseSync,
  integers: 'number' | 'bigint',
): (question: SqlQuestion) => DatabaseRow[] {
  const statements = new Map<string, StatementSync>();
  return ({ sql, values }) => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      statement.setReadBigInts(integers === 'bigint');
      statements.set(sql, statement);
    }
    return statement.all(...values);
  };
}

function subjectCellOf(row: DatabaseRow): SubjectCell {
  return {
    model: text(row, 'model'),
    feature: text(row, 'feature'),
    user: text(row, 'user'),
    branch: text(row, 'branch'),
    callSite: text(row, 'callSite'),
    sums: sumsOf(row),
  };
}
