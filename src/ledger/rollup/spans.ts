import { hourMs, hoursPerDay } from './createRollup.ts';

/** A half-open range of whole days, whole hours (both since 1970, UTC) or milliseconds. */
export interface Span {
  readonly unit: 'day' | 'hour' | 'ms';
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts a window into the fewest spans that are summed already, with what is left at its ends; in order, without the empty.
 * @param largest the largest cells that may be used
 */
export function spansOf(fromMs: number, toMs: number, largest: 'day' | 'hour' = 'day'): Span[] {
  const hours = whole({ unit: 'ms', from: fromMs, to: toMs }, 'hour', hourMs);
  if (largest === 'hour') return hours;
  return hours.flatMap((span) => (span.unit === 'hour' ? whole(span, 'day', hoursPerDay) : [span]));
}

/** The span as whole larger units, with what is left of it before and after. */
function whole({ unit, from, to }: Span, larger: Span['unit'], size: number): Span[] {
  const [first, end] = [Math.ceil(from / size), Math.floor(to / size)];
  if (first >= end) return from < to ? [{ unit, from, to }] : [];
  const spans: Span[] = [
    { unit, from, to: first * size },
    { unit: larger, from: first, to: end },
    { unit, from: end * size, to },
  ];
  return spans.filter((span) => span.from < span.to);
}
