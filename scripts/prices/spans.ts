import type { ConditionalPrice, ModelPrice } from '@pydantic/genai-prices';
import { figuresOf } from './figures.ts';
import type { Figures, SnapshotRow } from './snapshotRow.ts';

type Spans = Figures & Pick<SnapshotRow, 'before' | 'later' | 'daily'>;

interface Step {
  readonly from: string | undefined;
  readonly price: ModelPrice;
}

interface Window {
  readonly start: string;
  readonly end: string;
  readonly price: ModelPrice;
}

/** `01:00:00Z` → `01:00`. */
function clock(time: string): string {
  return time.slice(0, 5);
}

/**
 * The prices of a model: those of `asOf` first, those of earlier and later days and of the cheap hours beside them. Of
 * hours the dear ones are the main figures, so that an estimate without a time is not too low.
 */
export function spansOf(prices: ModelPrice | ConditionalPrice[], asOf: string, inclusive: boolean): Spans {
  if (!Array.isArray(prices)) return figuresOf(prices, inclusive);
  const steps: Step[] = [];
  const windows: Window[] = [];
  for (const { constraint, prices: price } of prices) {
    if (constraint === undefined) steps.push({ from: undefined, price });
    else if (constraint.type === 'start_date') steps.push({ from: constraint.start_date, price });
    else windows.push({ start: clock(constraint.start_time), end: clock(constraint.end_time), price });
  }
  const past = steps.filter(({ from }) => from === undefined || from <= asOf);
  const now = past.at(-1);
  if (now === undefined) throw new Error('no price is in force');
  const before = past
    .slice(0, -1)
    .map(({ price }, n) => ({ until: past[n + 1]?.from ?? '', ...figuresOf(price, inclusive) }));
  const later = steps
    .filter(({ from }) => from !== undefined && from > asOf)
    .map(({ from, price }) => ({ from: from ?? '', ...figuresOf(price, inclusive) }));
  return {
    ...hoursOf(now.price, windows, inclusive),
    ...(before.length === 0 ? {} : { before }),
    ...(later.length === 0 ? {} : { later }),
  };
}

function hoursOf(rest: ModelPrice, windows: readonly Window[], inclusive: boolean): Spans {
  const [dear, ...others] = windows;
  if (dear === undefined) return figuresOf(rest, inclusive);
  const figures = figuresOf(dear.price, inclusive);
  const cheap = figuresOf(rest, inclusive);
  if (others.some(({ price }) => JSON.stringify(figuresOf(price, inclusive)) !== JSON.stringify(figures)))
    throw new Error('hours of more than two prices must be looked at');
  if ((figures.usd?.input ?? 0) <= (cheap.usd?.input ?? 0)) throw new Error('the hours named are expected to be dear');
  const sorted = [...windows].sort((a, b) => (a.start < b.start ? -1 : 1));
  const daily = sorted.map(({ end }, n) => ({
    from: end,
    to: sorted[(n + 1) % sorted.length]?.start ?? end,
    ...cheap,
  }));
  return { ...figures, daily };
}
