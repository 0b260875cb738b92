import { withoutDate } from '../../catalog/modelVariant.ts';
import type { ServiceTier } from '../../catalog/price.ts';
import { addUsage, type Usage } from '../../catalog/usage.ts';
import type { LedgerDay, RecordedTokens } from './ledgerDays.ts';
import type { ReportedCost, ReportedUsage } from './providerReport.ts';

export type UsageByTier = ReadonlyMap<ServiceTier, Usage>;

/** What the ledger and the provider say about one model on one day. */
export interface DayPair {
  readonly day: string;
  readonly model: string;
  readonly ledger: {
    readonly priced: UsageByTier;
    readonly unpriced: UsageByTier;
    readonly requests: number;
    readonly unpricedRequests: number;
    readonly estimatedRequests: number;
    readonly costPicoUsd: bigint;
    readonly estimatedPicoUsd: bigint;
  };
  readonly provider: {
    /** Absent where the report has no usage of the model that day. */
    readonly usage?: {
      /** By our keys; everything where keys were not told. */
      readonly own: UsageByTier;
      readonly foreign: UsageByTier;
      /** False: all tokens are under `standard` because the report tells no tiers apart. */
      readonly tiersKnown: boolean;
      /** Whether our keys could be told from others. */
      readonly keysTold: boolean;
      readonly requests?: number;
      readonly ownRequests?: number;
    };
    readonly costPicoUsd?: bigint;
  };
}

export interface PairOptions {
  readonly usage: readonly ReportedUsage[];
  /** Those that name a model. */
  readonly costs: readonly ReportedCost[];
  readonly ledger: readonly LedgerDay[];
  /** Empty = every key counts as ours. */
  readonly keyIds: ReadonlySet<string>;
}

interface Group {
  readonly day: string;
  readonly model: string;
  readonly usage: ReportedUsage[];
  readonly costs: ReportedCost[];
  readonly ledger: LedgerDay[];
}

/** Joins by day and model. A report's name of a model may lack the date that the ledger's has, or the other way round. */
export function pairDays({ usage, costs, ledger, keyIds }: PairOptions): DayPair[] {
  const groups = new Map<string, Group>();
  const groupOf = (day: string, model: string): Group => {
    const key = `${day} ${model}`;
    const found = groups.get(key) ?? { day, model, usage: [], costs: [], ledger: [] };
    groups.set(key, found);
    return found;
  };
  const ledgerNames = new Set(ledger.map(({ model }) => model));
  for (const row of ledger) groupOf(row.day, row.model).ledger.push(row);
  const usageName = createNames(ledgerNames);
  for (const row of usage) groupOf(row.day, usageName(row.model)).usage.push(row);
  const costName = createNames(new Set([...ledgerNames, ...usage.map(({ model }) => usageName(model))]));
  for (const row of costs) if (row.model !== undefined) groupOf(row.day, costName(row.model)).costs.push(row);
  return [...groups.values()]
    .sort((a, b) => a.day.localeCompare(b.day) || a.model.localeCompare(b.model))
    .map((group) => pairOf(group, keyIds));
}

/** The name among `known` that is the same model: the same text, else the only one that differs by its date. */
function createNames(known: ReadonlySet<string>): (name: string) => string {
  return (name) => {
    if (known.has(name)) return name;
    const stem = withoutDate(name) ?? name;
    const twins = [...known].filter((other) => (withoutDate(other) ?? other) === stem);
    const [only] = twins;
    return twins.length === 1 && only !== undefined ? only : name;
  };
}

function pairOf({ day, model, usage, costs, ledger }: Group, keyIds: ReadonlySet<string>): DayPair {
  return {
    day,
    model,
    ledger: {
      priced: byTier(ledger, ({ tier, priced }) => [tier, priced.usage]),
      unpriced: byTier(ledger, ({ tier, unpriced }) => [tier, unpriced.usage]),
      requests: requestsOf(ledger, ({ priced }) => priced),
      unpricedRequests: requestsOf(ledger, ({ unpriced }) => unpriced),
      estimatedRequests: requestsOf(ledger, ({ estimated }) => estimated),
      costPicoUsd: ledger.reduce((sum, row) => sum + row.costPicoUsd, 0n),
      estimatedPicoUsd: ledger.reduce((sum, row) => sum + row.estimatedPicoUsd, 0n),
    },
    provider: {
      ...(usage.length === 0 ? {} : { usage: usageOf(usage, keyIds) }),
      ...(costs.length === 0 ? {} : { costPicoUsd: costs.reduce((sum, { picoUsd }) => sum + picoUsd, 0n) }),
    },
  };
}

function usageOf(rows: readonly ReportedUsage[], keyIds: ReadonlySet<string>) {
  // A report that names no keys cannot tell ours from others.
  const keysTold = keyIds.size > 0 && rows.some(({ keyId }) => keyId !== undefined);
  const isOwn = ({ keyId }: ReportedUsage): boolean => !keysTold || (keyId !== undefined && keyIds.has(keyId));
  const own = rows.filter(isOwn);
  const tokens = ({ tier, usage }: ReportedUsage): [ServiceTier, Usage] => [tier ?? 'standard', usage];
  const requests = countOf(rows);
  const ownRequests = countOf(own);
  return {
    own: byTier(own, tokens),
    foreign: byTier(
      rows.filter((row) => !isOwn(row)),
      tokens,
    ),
    keysTold,
    tiersKnown: rows.every(({ tier }) => tier !== undefined),
    ...(requests === undefined ? {} : { requests }),
    ...(requests === undefined || ownRequests === undefined ? {} : { ownRequests }),
  };
}

function countOf(rows: readonly ReportedUsage[]): number | undefined {
  let sum = 0;
  for (const { requests } of rows) {
    if (requests === undefined) return undefined;
    sum += requests;
  }
  return sum;
}

function requestsOf(rows: readonly LedgerDay[], tokens: (row: LedgerDay) => RecordedTokens): number {
  return rows.reduce((sum, row) => sum + tokens(row).requests, 0);
}

function byTier<T>(rows: readonly T[], read: (row: T) => readonly [ServiceTier, Usage]): UsageByTier {
  const sums = new Map<ServiceTier, Usage>();
  for (const row of rows) {
    const [tier, usage] = read(row);
    sums.set(tier, addUsage(sums.get(tier) ?? {}, usage));
  }
  return sums;
}
