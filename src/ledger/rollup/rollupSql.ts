import type { ColumnValue } from '../columnValue.ts';
import { moneyColumns, sumColumns } from './cellSums.ts';
import { attemptSums, callSums } from './rollupSchema.ts';
import type { Span } from './spans.ts';
import { type Dimension, dimensions, type Shape, type SpendFilter, subjectColumns } from './spendFilter.ts';

export interface SqlQuestion {
  readonly sql: string;
  readonly values: readonly ColumnValue[];
}

/** Which sums are asked for. */
export interface Narrowed {
  readonly workspaceId: string;
  readonly filter: SpendFilter;
  readonly shape: Shape;
}

/** Of cells: the topic's properties and the user's; where there is only one of both, the other's are NULL. */
function cellColumn(shape: Shape, dimension: Dimension): string {
  const alias = shape === 'pair' ? (dimension === 'user' ? 'u' : 't') : 's';
  return `${alias}.${subjectColumns[dimension]}`;
}

const ofCell = (shape: Shape): string =>
  dimensions.map((dimension) => `${cellColumn(shape, dimension)} AS ${dimension}`).join(', ');

const cellSums = sumColumns.map((column) => `SUM(c.${column}) AS ${column}`).join(', ');

/** Of rows: what a call is for, and the model that is counted. */
const ofRow = (model: string): string =>
  dimensions.map((dimension) => `${rowColumn(dimension, model)} AS ${dimension}`).join(', ');

function rowColumn(dimension: Dimension, model: string): string {
  return dimension === 'model' ? model : `NULLIF(c.${subjectColumns[dimension]}, '')`;
}

const bothNamed = ' CROSS JOIN ledger_subject AS t CROSS JOIN ledger_subject AS u';
const callModel = "NULLIF(c.answer_model, '')";
const attemptModel = "a.provider || '/' || a.model";
const [costMilli, costPico] = moneyColumns.cost;

/** The questions that the sums of a span are made of, by subject. */
export function sumQuestions(span: Span, narrowed: Narrowed): SqlQuestion[] {
  if (span.unit !== 'ms') {
    const by = narrowed.shape === 'pair' ? 'c.topic, c.user' : 'c.subject';
    return [
      inCells(
        span.unit,
        span,
        narrowed,
        (from) => `SELECT ${ofCell(narrowed.shape)}, ${cellSums} ${from} GROUP BY ${by}`,
      ),
    ];
  }
  return [
    ofCallRows(span, narrowed, (from) => `SELECT ${ofRow(callModel)}, ${callSums} ${from} GROUP BY 1, 2, 3, 4, 5`),
    ofAttemptRows(
      span,
      narrowed,
      (from) => `SELECT ${ofRow(attemptModel)}, ${attemptSums} ${from} GROUP BY 1, 2, 3, 4, 5`,
    ),
  ];
}

/** The question what a span cost by bucket of `bucketMs` and one dimension. */
export function seriesQuestion(span: Span, narrowed: Narrowed, by: Dimension, bucketMs: number): SqlQuestion {
  if (span.unit === 'ms')
    return ofAttemptRows(
      span,
      narrowed,
      (from) => `SELECT a.call_started_at_ms / ${bucketMs} AS bucket, ${rowColumn(by, attemptModel)} AS key,
  SUM(a.cost_pico_usd / 1000000000) AS ${costMilli}, SUM(a.cost_pico_usd % 1000000000) AS ${costPico} ${from} GROUP BY 1, 2`,
    );
  const perBucket = bucketMs / unitMs[span.unit];
  const sums = `SUM(c.${costMilli}) AS ${costMilli}, SUM(c.${costPico}) AS ${costPico}`;
  const bucket = `c.${span.unit} / ${perBucket} AS bucket`;
  if (narrowed.shape === 'pair' && by === 'user') {
    // There are many cells and few users: they are named once they are summed.
    const question = inPairs(
      span,
      narrowed,
      '',
      (from) => `SELECT ${bucket}, c.user AS user, ${sums} ${from} GROUP BY 1, 2`,
    );
    const sql = `SELECT g.*, u.user_pseudonym AS key FROM (${question.sql}) AS g CROSS JOIN ledger_subject AS u WHERE u.id = g.user`;
    return { ...question, sql };
  }
  return inCells(
    span.unit,
    span,
    narrowed,
    (from) => `SELECT ${bucket}, ${cellColumn(narrowed.shape, by)} AS key, ${sums} ${from} GROUP BY 1, 2`,
  );
}

const unitMs = { hour: 3_600_000, day: 86_400_000 } as const;

function inCells(
  unit: 'hour' | 'day',
  { from, to }: Span,
  { workspaceId, filter, shape }: Narrowed,
  select: (from: string) => string,
): SqlQuestion {
  if (shape === 'pair') return inPairs({ unit, from, to }, { workspaceId, filter, shape }, bothNamed, select);
  const subjects = subjectsOf(shape, workspaceId, filter);
  const sql = select(`
FROM ledger_${unit} AS c CROSS JOIN ledger_subject AS s
WHERE c.subject IN (${subjects.sql}) AND c.${unit} >= ? AND c.${unit} < ? AND s.id = c.subject`);
  return { sql, values: [...subjects.values, from, to] };
}

/** Days are found through those of the topics, so that one user's are not looked for among everybody's. */
function inPairs(
  { unit, from, to }: Span,
  { workspaceId, filter }: Narrowed,
  joined: '' | typeof bothNamed,
  select: (from: string) => string,
): SqlQuestion {
  const topics = subjectsOf('topic', workspaceId, filter);
  const user = subjectsOf('user', workspaceId, filter);
  const ofUser = filter.user === undefined ? '' : ` AND c.user = (${user.sql})`;
  const named = joined === '' ? '' : ' AND t.id = c.topic AND u.id = c.user';
  const cells =
    unit === 'hour'
      ? `ledger_pair_hour AS c${joined}
WHERE c.topic IN (${topics.sql}) AND c.hour >= ? AND c.hour < ?`
      : `ledger_day AS d CROSS JOIN ledger_pair_day AS c${joined}
WHERE d.subject IN (${topics.sql}) AND d.day >= ? AND d.day < ? AND c.topic = d.subject AND c.day = d.day`;
  const sql = select(`
FROM ${cells}${ofUser}${named}`);
  return { sql, values: [...topics.values, from, to, ...(filter.user === undefined ? [] : user.values)] };
}

/** The ids of the topics, or of the users, that a filter leaves. */
export function subjectsOf(shape: 'topic' | 'user', workspaceId: string, filter: SpendFilter): SqlQuestion {
  const { user, ...topic } = filter;
  const narrow = narrowing(
    shape === 'topic' ? topic : user === undefined ? {} : { user },
    (dimension) => subjectColumns[dimension],
  );
  return {
    sql: `SELECT id FROM ledger_subject WHERE workspace_id = ? AND shape = '${shape}'${narrow.sql}`,
    values: [workspaceId, ...narrow.values],
  };
}

function ofCallRows(span: Span, { workspaceId, filter }: Narrowed, select: (from: string) => string): SqlQuestion {
  const narrow = narrowing(filter, (dimension) => rowColumn(dimension, callModel));
  const sql = select(`
FROM ledger_call AS c WHERE c.workspace_id = ? AND c.started_at_ms >= ? AND c.started_at_ms < ?${narrow.sql}`);
  return { sql, values: [workspaceId, span.from, span.to, ...narrow.values] };
}

function ofAttemptRows(span: Span, { workspaceId, filter }: Narrowed, select: (from: string) => string): SqlQuestion {
  const narrow = narrowing(filter, (dimension) => rowColumn(dimension, attemptModel));
  const sql = select(`
FROM ledger_attempt AS a JOIN ledger_call AS c ON c.id = a.call_id
WHERE a.workspace_id = ? AND a.call_started_at_ms >= ? AND a.call_started_at_ms < ?${narrow.sql}`);
  return { sql, values: [workspaceId, span.from, span.to, ...narrow.values] };
}

/** Conditions for the dimensions that narrow; empty text asks for those that nobody named. */
export function narrowing(filter: SpendFilter, column: (dimension: Dimension) => string): SqlQuestion {
  const narrowed = dimensions.flatMap((dimension) => {
    const value = filter[dimension];
    return value === undefined ? [] : [{ sql: ` AND ${column(dimension)} IS ?`, value: value === '' ? null : value }];
  });
  return { sql: narrowed.map(({ sql }) => sql).join(''), values: narrowed.map(({ value }) => value) };
}
