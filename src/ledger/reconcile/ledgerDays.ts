import type { SQLOutputValue } from 'node:sqlite';
import type { ServiceTier } from '../../catalog/price.ts';
import { type Usage, type UsageKind, usageKinds } from '../../catalog/usage.ts';
import type { Store } from '../../store/store.ts';
import { usageColumns } from '../attemptColumns.ts';
import { createDayNames } from './days.ts';

/** What the ledger recorded for one model and tier on one day. */
export interface LedgerDay {
  readonly day: string;
  readonly model: string;
  readonly tier: ServiceTier;
  /** Attempts whose cost is in `costPicoUsd`. */
  readonly priced: RecordedTokens;
  /** Those of the priced that are estimates. */
  readonly estimated: RecordedTokens;
  readonly unpriced: RecordedTokens;
  readonly costPicoUsd: bigint;
  readonly estimatedPicoUsd: bigint;
}

export interface RecordedTokens {
  readonly requests: number;
  readonly usage: Usage;
}

/** Time zones differ from UTC by whole quarter-hours. */
const quarterMs = 900_000;
const half = 1_000_000_000n;

/** Indexed by workspace, so the workspaces are walked; `demo` attempts are billed by nobody. */
const workspaces = `
WITH RECURSIVE workspace (id) AS (
  SELECT MIN(workspace_id) FROM ledger_attempt
  UNION ALL
  SELECT (SELECT MIN(workspace_id) FROM ledger_attempt WHERE workspace_id > workspace.id) FROM workspace WHERE workspace.id IS NOT NULL
)
SELECT id FROM workspace WHERE id IS NOT NULL`;

const quarters = `
SELECT call_started_at_ms / ${quarterMs} AS quarter, model, service_tier, cost_status, COUNT(*) AS requests,
  ${usageKinds.map((kind) => `SUM(${usageColumns[kind]}) AS ${usageColumns[kind]}`).join(', ')},
  COALESCE(SUM(cost_pico_usd / ${half}), 0) AS cost_high, COALESCE(SUM(cost_pico_usd % ${half}), 0) AS cost_low
FROM ledger_attempt
WHERE workspace_id = ? AND call_started_at_ms >= ? AND call_started_at_ms < ? AND provider = ? AND demo = 0
  AND cost_status <> 'notBilled'
GROUP BY quarter, model, service_tier, cost_status`;

export interface LedgerDaysQuery {
  readonly provider: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly timeZone: string;
}

interface Sums {
  requests: number;
  usage: Partial<Record<UsageKind, number>>;
}

interface DaySums {
  day: string;
  model: string;
  tier: ServiceTier;
  priced: Sums;
  estimated: Sums;
  unpriced: Sums;
  costPicoUsd: bigint;
  estimatedPicoUsd: bigint;
}

/** How much time is read at once before others get their turn. */
const sliceMs = 86_400_000;

/**
 * The billed attempts of a provider in all workspaces, by day, model and tier. A call counts on the day it began.
 * Reads a day at a time: the thread serves calls in between.
 */
export async function readLedgerDays({ database }: Store, query: LedgerDaysQuery): Promise<LedgerDay[]> {
  const statement = database.prepare(quarters);
  statement.setReadBigInts(true);
  const ids = database.prepare(workspaces).all();
  const dayName = createDayNames(query.timeZone);
  const days = new Map<string, DaySums>();
  for (let fromMs = query.fromMs; fromMs < query.toMs; fromMs += sliceMs) {
    const toMs = Math.min(query.toMs, fromMs + sliceMs);
    for (const { id } of ids) {
      for (const row of statement.all(id ?? null, fromMs, toMs, query.provider)) addRow(days, row, dayName);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return [...days.values()];
}

function addRow(
  days: Map<string, DaySums>,
  row: Record<string, SQLOutputValue>,
  dayName: (ms: number) => string,
): void {
  const day = dayName(Number(row.quarter) * quarterMs);
  const model = String(row.model);
  const tier = tierOf(row.service_tier);
  const key = JSON.stringify([day, model, tier]);
  let sums = days.get(key);
  if (sums === undefined) {
    sums = {
      day,
      model,
      tier,
      priced: none(),
      estimated: none(),
      unpriced: none(),
      costPicoUsd: 0n,
      estimatedPicoUsd: 0n,
    };
    days.set(key, sums);
  }
  if (row.cost_status === 'unpriced') {
    addTokens(sums.unpriced, row);
    return;
  }
  const cost = BigInt(String(row.cost_high)) * half + BigInt(String(row.cost_low));
  addTokens(sums.priced, row);
  sums.costPicoUsd += cost;
  if (row.cost_status !== 'estimated') return;
  addTokens(sums.estimated, row);
  sums.estimatedPicoUsd += cost;
}

function addTokens(sums: Sums, row: Record<string, SQLOutputValue>): void {
  sums.requests += Number(row.requests);
  for (const kind of usageKinds) {
    const tokens = Number(row[usageColumns[kind]]);
    if (tokens !== 0) sums.usage[kind] = (sums.usage[kind] ?? 0) + tokens;
  }
}

function none(): Sums {
  return { requests: 0, usage: {} };
}

function tierOf(value: SQLOutputValue | undefined): ServiceTier {
  return value === 'batch' || value === 'flex' || value === 'priority' ? value : 'standard';
}
