import type { Catalog } from '../../catalog/catalog.ts';
import type { ServiceTier } from '../../catalog/price.ts';
import { totalInputTokens, totalOutputTokens, type Usage } from '../../catalog/usage.ts';
import { daysBetween } from './days.ts';
import type { LedgerDay } from './ledgerDays.ts';
import { createListValue } from './listValue.ts';
import { type DayPair, pairDays, type UsageByTier } from './pairDays.ts';
import { type ProviderReport, type ReportedCost, wholeDay } from './providerReport.ts';
import { type RateDifference, rateDifferences } from './rateDifferences.ts';
import { noVariance, splitVariance, type VarianceParts, varianceParts } from './splitVariance.ts';

/** One model on one day. Money is picodollars. */
export interface ReconciledDay {
  readonly day: string;
  readonly model: string;
  readonly ledger: { readonly requests: number; readonly tokens: number; readonly picoUsd: bigint };
  /** `requests` is absent where the report counts none, `tokens` where it has no usage, `picoUsd` where it has no costs. */
  readonly provider: { readonly requests?: number; readonly tokens?: number; readonly picoUsd?: bigint };
  /** Provider minus ledger, by cause; their sum is the whole difference. */
  readonly parts: VarianceParts;
}

/** What is billed beside the tokens of models: searches, code execution, credits. */
export interface OtherCharge {
  readonly day: string;
  readonly item: string;
  readonly picoUsd: bigint;
  readonly kind: 'toolFees' | 'credits';
}

export interface ReconciliationTotals {
  readonly ledgerPicoUsd: bigint;
  readonly providerPicoUsd: bigint;
  readonly parts: VarianceParts;
  readonly toolFeesPicoUsd: bigint;
  readonly creditsPicoUsd: bigint;
}

export interface Reconciliation {
  readonly provider: string;
  readonly fromDay: string;
  readonly toDay: string;
  /** Left out because the provider may still change them. */
  readonly notFinalDays: readonly string[];
  readonly days: readonly ReconciledDay[];
  readonly other: readonly OtherCharge[];
  readonly rateDifferences: readonly RateDifference[];
  readonly totals: ReconciliationTotals;
  /** How wrong the ledger's costs of the calls it saw and priced are: 0.01 = 1 %. Absent where nothing could be compared. */
  readonly errorRatio?: number;
  readonly withinTolerance: boolean;
  readonly hasCosts: boolean;
  /** Whether our keys could be told from others; without, calls that were not recorded count as bypass. */
  readonly keysTold: boolean;
}

export interface ReconcileOptions {
  readonly provider: string;
  readonly report: ProviderReport;
  readonly ledger: readonly LedgerDay[];
  readonly catalog: Catalog;
  /** Both included. */
  readonly fromDay: string;
  readonly toDay: string;
  /** Days from this one on are not final. */
  readonly notFinalFromDay: string;
  /** The provider's ids or names of the keys used through Tollgate; empty = not told. */
  readonly keyIds: readonly string[];
  /** A difference of up to this share of the invoice is within tolerance. */
  readonly toleranceRatio: number;
}

/** Compares a provider's own numbers with the ledger's, per model and day, and names what makes the difference. */
export function reconcile(options: ReconcileOptions): Reconciliation {
  const { provider, report, catalog, fromDay, toDay, notFinalFromDay } = options;
  const counts = ({ day }: { readonly day: string }): boolean =>
    day >= fromDay && day <= toDay && day < notFinalFromDay;
  const costs = report.costs.filter(counts);
  const pairs = pairDays({
    usage: report.usage.filter(counts),
    costs,
    ledger: options.ledger.filter(counts),
    keyIds: new Set(options.keyIds),
  });
  const lists = pairs.map(({ model, day }) => createListValue(catalog, provider, model, day));
  const billed = billedCosts(pairs, costs, (pair) => {
    const list = lists[pairs.indexOf(pair)];
    return list === undefined ? 0 : sum([...allTokens(pair)].map(([tier, usage]) => list(usage, tier).picoUsd));
  });
  const days = pairs.map((pair, index): ReconciledDay => {
    const list = lists[index] ?? createListValue(catalog, provider, pair.model, pair.day);
    return reconciledDay(pair, billed.get(pair), splitVariance(pair, list, billed.get(pair)));
  });
  const other = costs.flatMap(otherCharge);
  const totals = totalsOf(days, other);
  const errorRatio = errorRatioOf(days);
  const difference = Math.abs(Number(totals.providerPicoUsd - totals.ledgerPicoUsd));
  return {
    provider,
    fromDay,
    toDay,
    notFinalDays: daysBetween(fromDay, toDay).filter((day) => day >= notFinalFromDay),
    days,
    other,
    rateDifferences: rateDifferences(days),
    totals,
    ...(errorRatio === undefined ? {} : { errorRatio }),
    withinTolerance: difference <= options.toleranceRatio * Math.abs(Number(totals.providerPicoUsd)),
    hasCosts: costs.length > 0,
    keysTold: pairs.some((pair) => pair.provider.usage?.keysTold === true),
  };
}

/** What the provider bills for each pair. Costs of a whole day are shared out by what its models' tokens cost at the list. */
function billedCosts(
  pairs: readonly DayPair[],
  costs: readonly ReportedCost[],
  weigh: (pair: DayPair) => number,
): ReadonlyMap<DayPair, bigint> {
  const billed = new Map<DayPair, bigint>();
  for (const pair of pairs) if (pair.provider.costPicoUsd !== undefined) billed.set(pair, pair.provider.costPicoUsd);
  const wholeDays = new Map<string, bigint>();
  for (const { day, item, picoUsd } of costs)
    if (item === wholeDay) wholeDays.set(day, (wholeDays.get(day) ?? 0n) + picoUsd);
  for (const [day, picoUsd] of wholeDays) {
    const ofDay = pairs.filter((pair) => pair.day === day);
    const weights = ofDay.map(weigh);
    const all = sum(weights);
    let left = picoUsd;
    ofDay.forEach((pair, index) => {
      const last = index === ofDay.length - 1;
      const share = last ? left : BigInt(Math.round(Number(picoUsd) * (all === 0 ? 0 : (weights[index] ?? 0) / all)));
      left -= share;
      billed.set(pair, (billed.get(pair) ?? 0n) + share);
    });
  }
  return billed;
}

function otherCharge({ day, model, item, picoUsd }: ReportedCost): OtherCharge[] {
  if (model !== undefined || item === wholeDay) return [];
  return [{ day, item, picoUsd, kind: picoUsd < 0n ? 'credits' : 'toolFees' }];
}

function reconciledDay(pair: DayPair, picoUsd: bigint | undefined, parts: VarianceParts): ReconciledDay {
  const { ledger, provider } = pair;
  const requests = provider.usage?.requests;
  return {
    day: pair.day,
    model: pair.model,
    ledger: {
      requests: ledger.requests + ledger.unpricedRequests,
      tokens: tokensOf(ledger.priced) + tokensOf(ledger.unpriced),
      picoUsd: ledger.costPicoUsd,
    },
    provider: {
      ...(requests === undefined ? {} : { requests }),
      ...(provider.usage === undefined
        ? {}
        : { tokens: tokensOf(provider.usage.own) + tokensOf(provider.usage.foreign) }),
      ...(picoUsd === undefined ? {} : { picoUsd }),
    },
    parts,
  };
}

/** The provider's tokens, else the ledger's. */
function allTokens({ provider, ledger }: DayPair): Iterable<readonly [ServiceTier, Usage]> {
  return provider.usage === undefined ? ledger.priced : [...provider.usage.own, ...provider.usage.foreign];
}

function tokensOf(usage: UsageByTier): number {
  return sum([...usage.values()].map((tokens) => totalInputTokens(tokens) + totalOutputTokens(tokens)));
}

function totalsOf(days: readonly ReconciledDay[], other: readonly OtherCharge[]): ReconciliationTotals {
  const parts: Record<keyof VarianceParts, bigint> = { ...noVariance };
  for (const day of days) for (const part of varianceParts) parts[part] += day.parts[part];
  const ledgerPicoUsd = days.reduce((all, day) => all + day.ledger.picoUsd, 0n);
  const difference = varianceParts.reduce((all, part) => all + parts[part], 0n);
  const ofKind = (kind: OtherCharge['kind']): bigint =>
    other.reduce((all, charge) => (charge.kind === kind ? all + charge.picoUsd : all), 0n);
  const toolFeesPicoUsd = ofKind('toolFees');
  const creditsPicoUsd = ofKind('credits');
  return {
    ledgerPicoUsd,
    providerPicoUsd: ledgerPicoUsd + difference + toolFeesPicoUsd + creditsPicoUsd,
    parts,
    toolFeesPicoUsd,
    creditsPicoUsd,
  };
}

/** What the ledger did not see, or says it has no price for, is not an error of its figures. */
function errorRatioOf(days: readonly ReconciledDay[]): number | undefined {
  let wrong = 0;
  let compared = 0;
  for (const { parts, ledger } of days) {
    const error = parts.price + parts.tier + parts.estimated + parts.notOnInvoice + parts.unexplained;
    wrong += Math.abs(Number(error));
    compared += Number(ledger.picoUsd + error);
  }
  return compared > 0 ? wrong / compared : undefined;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
