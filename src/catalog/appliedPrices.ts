import { PriceDataInvalid } from './errors.ts';
import { loadCatalog } from './loadCatalog.ts';

/** Prices that the user took over from an address of their own: the last good ones. */
export interface AppliedPrices {
  readonly url: string;
  readonly etag?: string;
  readonly appliedAtMs: number;
  readonly data: unknown;
}

export function appliedPricesText(applied: AppliedPrices): string {
  return `${JSON.stringify(applied)}\n`;
}

/** Reads what `appliedPricesText` wrote; undefined for anything else, so that the shipped prices hold. */
export function readAppliedPrices(text: string | undefined): AppliedPrices | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof value !== 'object' || value === null || !('data' in value) || !('url' in value)) return undefined;
  const { url, data } = value;
  if (typeof url !== 'string' || !isPriceData(data)) return undefined;
  const etag = 'etag' in value && typeof value.etag === 'string' ? { etag: value.etag } : {};
  const appliedAtMs = 'appliedAtMs' in value && typeof value.appliedAtMs === 'number' ? value.appliedAtMs : 0;
  return { url, ...etag, appliedAtMs, data };
}

/** The prices in force: those the user took over, unless the shipped ones are newer. */
export function pricesInForce(applied: AppliedPrices | undefined, shipped: unknown): unknown {
  if (applied === undefined) return shipped;
  return loadCatalog(shipped).asOf > loadCatalog(applied.data).asOf ? shipped : applied.data;
}

function isPriceData(data: unknown): boolean {
  try {
    loadCatalog(data);
    return true;
  } catch (error) {
    if (error instanceof PriceDataInvalid) return false;
    throw error;
  }
}
