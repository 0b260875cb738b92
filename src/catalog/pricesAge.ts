const dayMs = 24 * 60 * 60 * 1000;
const staleAfterDays = 60;
const veryStaleAfterDays = 180;

/** How far a price list is to be trusted by its age. */
export interface PricesAge {
  readonly state: 'fresh' | 'stale' | 'veryStale';
  /** Whole days since the date of the list. */
  readonly days: number;
  /** A change announced in the list that has come since: whether it did is not known to a list from before it. */
  readonly changedOn?: string;
}

/**
 * The age of prices: stale after 60 days, very stale after 180 or once a dated change of the list lies behind.
 * @param asOf ISO date of the list
 * @param changesOn ISO dates from which the list has other figures; those up to `asOf` are history
 */
export function pricesAge(asOf: string, nowMs: number, changesOn: readonly string[] = []): PricesAge {
  const days = Math.max(0, Math.floor((nowMs - Date.parse(asOf)) / dayMs));
  const changedOn = changesOn.filter((date) => date > asOf && Date.parse(date) <= nowMs).sort()[0];
  if (changedOn !== undefined) return { state: 'veryStale', days, changedOn };
  if (days > veryStaleAfterDays) return { state: 'veryStale', days };
  return { state: days > staleAfterDays ? 'stale' : 'fresh', days };
}
