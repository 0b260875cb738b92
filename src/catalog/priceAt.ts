import type { Price, PricePeriod } from './price.ts';

const minuteMs = 60_000;
const minutesPerDay = 24 * 60;

function isInForce({ fromMs, untilMs, daily }: PricePeriod, atMs: number): boolean {
  if (fromMs !== undefined && atMs < fromMs) return false;
  if (untilMs !== undefined && atMs >= untilMs) return false;
  if (daily === undefined) return true;
  const minute = Math.floor(atMs / minuteMs) % minutesPerDay;
  return daily.from < daily.to ? minute >= daily.from && minute < daily.to : minute >= daily.from || minute < daily.to;
}

/** The price in force at a time: that of the day of a dated change, and of the hour where nights are cheaper. */
export function priceAt(price: Price, atMs: number): Price {
  if (price.periods === undefined) return price;
  return price.periods.find((period) => isInForce(period, atMs))?.price ?? price;
}

/**
 * The price with the figures of a day as its own, where an announced change has come since the list was made. Other days and
 * the hours are still found by `priceAt`.
 */
export function priceOn(price: Price, dayMs: number): Price {
  const { periods, ...now } = price;
  const changed = periods?.find((period) => period.fromMs !== undefined && isInForce(period, dayMs));
  if (periods === undefined || changed === undefined) return price;
  const changesOn = price.changesOn === undefined ? {} : { changesOn: price.changesOn };
  return { ...changed.price, ...changesOn, periods: [...periods, { price: now }] };
}

/** A price and those that hold at other times. */
export function allPrices(price: Price): readonly Price[] {
  return price.periods === undefined ? [price] : [price, ...price.periods.map((period) => period.price)];
}
