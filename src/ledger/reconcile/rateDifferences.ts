import type { ReconciledDay } from './reconcile.ts';

/** A span of days in which the provider billed a model's tokens at other rates than the ledger's. */
export interface RateDifference {
  readonly model: string;
  readonly fromDay: string;
  readonly toDay: string;
  /** Billed over recorded, for the same tokens: 1.25 = a quarter dearer. */
  readonly ratio: number;
  readonly picoUsd: bigint;
}

/** Rounding on an invoice makes smaller ones. */
const noticeable = 0.005;

/** Joins days of a model whose ratios agree. */
export function rateDifferences(days: readonly ReconciledDay[]): RateDifference[] {
  const spans: RateDifference[] = [];
  for (const model of new Set(days.map((day) => day.model))) {
    let open: RateDifference | undefined;
    for (const day of days) {
      if (day.model !== model) continue;
      const ratio = ratioOf(day);
      if (ratio === undefined) continue;
      if (open !== undefined && Math.abs(ratio / open.ratio - 1) < noticeable) {
        open = { ...open, toDay: day.day, picoUsd: open.picoUsd + day.parts.price };
        spans[spans.length - 1] = open;
        continue;
      }
      open = undefined;
      if (Math.abs(ratio - 1) < noticeable) continue;
      open = { model, fromDay: day.day, toDay: day.day, ratio, picoUsd: day.parts.price };
      spans.push(open);
    }
  }
  return spans;
}

function ratioOf({ provider, parts }: ReconciledDay): number | undefined {
  if (provider.picoUsd === undefined) return undefined;
  const atOurRates = Number(provider.picoUsd - parts.price);
  return atOurRates > 0 ? Number(provider.picoUsd) / atOurRates : undefined;
}
