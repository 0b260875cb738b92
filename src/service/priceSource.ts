import { statSync } from 'node:fs';
import { pricesInForce, readAppliedPrices } from '../catalog/appliedPrices.ts';
import { describeError, type Log } from './log.ts';
import { readFileIfAny } from './privateFile.ts';

/** The price data in force: shipped, or taken over by the user in a window (`prices.json` in the data folder). */
export interface PriceSource {
  data(): unknown;
  /** Another text when other prices are in force. Looks at the file at most once a second. */
  stamp(): string;
}

const lookAgainMs = 1_000;

export interface PriceSourceOptions {
  readonly path: string;
  readonly shipped: unknown;
  readonly clock: () => number;
  readonly log: Log;
}

export function createPriceSource({ path, shipped, clock, log }: PriceSourceOptions): PriceSource {
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let stamp = '';
  let read: { readonly stamp: string; readonly data: unknown } | undefined;
  const look = (): string => {
    if (clock() - lookedAtMs < lookAgainMs) return stamp;
    lookedAtMs = clock();
    stamp = stampOf(path);
    return stamp;
  };
  const readNow = (): unknown => {
    try {
      return pricesInForce(readAppliedPrices(readFileIfAny(path)), shipped);
    } catch (error) {
      log.warn('applied prices are not readable', { error: describeError(error) });
      return shipped;
    }
  };
  return {
    stamp: look,
    data: () => {
      const now = look();
      if (read?.stamp !== now) read = { stamp: now, data: readNow() };
      return read.data;
    },
  };
}

function stampOf(path: string): string {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? 'shipped' : `${stat.mtimeMs}:${stat.size}`;
  } catch (error) {
    return describeError(error);
  }
}
