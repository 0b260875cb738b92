import { isAbsolute } from 'node:path';
import { PriceDataInvalid, pricesInvalid, pricesTooLarge, pricesUnreachable, pricesUrlInvalid } from './errors.ts';
import { loadCatalog } from './loadCatalog.ts';

/** A price file has a few hundred KB; more is something else. */
export const maxPriceBytes = 2_000_000;
const timeoutMs = 30_000;

export type FetchedPrices =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'fetched'; readonly data: unknown; readonly asOf: string; readonly etag?: string };

export interface PriceFetching {
  /** An https address or the absolute path of a file. */
  readonly url: string;
  /** Of the prices that were fetched last from the same address. */
  readonly etag?: string;
  readonly fetch: typeof fetch;
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly signal?: AbortSignal;
}

/**
 * Gets a price file and checks that it can be used.
 * @throws PricesNotUpdated for what is not reachable, too large, or no price file; nothing has changed then
 */
export async function fetchPrices(options: PriceFetching): Promise<FetchedPrices> {
  const { url } = options;
  if (isAbsolute(url)) return { kind: 'fetched', ...check(url, await readWhole(options)) };
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') throw pricesUrlInvalid(url);
  const response = await request(options);
  if (response.status === 304) return { kind: 'unchanged' };
  if (!response.ok) throw pricesUnreachable(url, `HTTP ${response.status}`);
  const checked = check(url, await bodyOf(response, url));
  const etag = response.headers.get('etag');
  return { kind: 'fetched', ...checked, ...(etag === null ? {} : { etag }) };
}

async function request({ url, etag, fetch, signal }: PriceFetching): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await fetch(url, {
      headers: { accept: 'application/json', ...(etag === undefined ? {} : { 'if-none-match': etag }) },
      // a redirect to plain http would be followed otherwise
      redirect: 'error',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
  } catch (error) {
    throw pricesUnreachable(url, reasonOf(error));
  }
}

/** Reads no more than is allowed, whatever the length header says. */
async function bodyOf(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > maxPriceBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw pricesUnreachable(url, reasonOf(error));
  }
  if (bytes > maxPriceBytes) throw pricesTooLarge(url, maxPriceBytes);
  return Buffer.concat(chunks).toString('utf8');
}

async function readWhole({ url, readFile }: PriceFetching): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(url);
  } catch (error) {
    throw pricesUnreachable(url, reasonOf(error));
  }
  if (bytes.byteLength > maxPriceBytes) throw pricesTooLarge(url, maxPriceBytes);
  return Buffer.from(bytes).toString('utf8');
}

function check(url: string, text: string): { data: unknown; asOf: string } {
  try {
    const data: unknown = JSON.parse(text);
    return { data, asOf: loadCatalog(data).asOf };
  } catch (error) {
    if (error instanceof PriceDataInvalid) throw pricesInvalid(url, error.at);
    if (error instanceof SyntaxError) throw pricesInvalid(url, 'its first characters');
    throw error;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
