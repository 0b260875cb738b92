import { type JsonObject, numberAt, objectAt } from '../wire/json.ts';
import type { CacheDirectives } from './answerCache.ts';

type Headers = readonly (readonly [name: string, value: string])[];

/** Headers of other gateways that name a partition of the cache: each one narrows ours. */
const namespaceHeaders = new Set([
  'x-tollgate-cache-namespace',
  'x-portkey-cache-namespace',
  'helicone-cache-seed',
  'cf-aig-cache-key',
  'x-bf-cache-key',
]);

/** Headers of ours and of other gateways that only the cache reads: they never go upstream. */
export const cacheControlHeaders: ReadonlySet<string> = new Set([
  ...namespaceHeaders,
  'cf-aig-skip-cache',
  'cf-aig-cache-ttl',
  'x-portkey-cache-force-refresh',
  'helicone-cache-enabled',
  'x-bf-cache-no-store',
]);

export interface RequestedCaching {
  readonly directives: CacheDirectives;
  /** All namespaces the client gave, as one text. */
  readonly namespace: string | undefined;
}

interface Draft {
  skipRead: boolean;
  skipWrite: boolean;
  onlyIfCached: boolean;
  maxAgeMs: number | undefined;
  ttlMs: number | undefined;
  namespaces: string[];
  pragma: boolean;
  cacheControl: boolean;
}

/**
 * Reads what a client said about caching one request, in RFC 9111's terms (5.2.1): `no-cache` = do not read, `no-store` =
 * do not write, `max-age` and `s-maxage` = no older than, `only-if-cached` = do not ask upstream. LiteLLM's `cache` body
 * field and the other gateways' headers mean the same. A client that repeats a call wants another answer, so a retry
 * (`x-stainless-retry-count` of the OpenAI and Anthropic SDKs) is not read from the cache.
 */
export function readDirectives(headers: Headers, body?: JsonObject): RequestedCaching {
  const draft: Draft = {
    skipRead: false,
    skipWrite: false,
    onlyIfCached: false,
    maxAgeMs: undefined,
    ttlMs: undefined,
    namespaces: [],
    pragma: false,
    cacheControl: false,
  };
  for (const [name, value] of headers) readHeader(draft, name.toLowerCase(), value.trim());
  readBody(draft, objectAt(body, 'cache'));
  // RFC 9111 5.4: Pragma counts only where there is no Cache-Control.
  if (draft.pragma && !draft.cacheControl) draft.skipRead = true;
  const { skipRead, skipWrite, onlyIfCached, maxAgeMs, ttlMs } = draft;
  return {
    directives: {
      skipRead,
      skipWrite,
      onlyIfCached,
      ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
      ...(ttlMs === undefined ? {} : { ttlMs }),
    },
    namespace: draft.namespaces.length > 0 ? JSON.stringify(draft.namespaces.toSorted()) : undefined,
  };
}

function readHeader(draft: Draft, name: string, value: string): void {
  if (namespaceHeaders.has(name)) {
    if (value !== '') draft.namespaces.push(`${name}=${value}`);
    return;
  }
  switch (name) {
    case 'cache-control':
      draft.cacheControl = true;
      for (const directive of value.split(',')) readDirective(draft, directive.trim().toLowerCase());
      break;
    case 'pragma':
      if (value.toLowerCase().includes('no-cache')) draft.pragma = true;
      break;
    case 'x-stainless-retry-count':
      if (Number(value) > 0) draft.skipRead = true;
      break;
    case 'x-portkey-cache-force-refresh':
      if (isTrue(value)) draft.skipRead = true;
      break;
    case 'cf-aig-skip-cache':
      if (isTrue(value)) skipBoth(draft);
      break;
    case 'helicone-cache-enabled':
      if (value.toLowerCase() === 'false') skipBoth(draft);
      break;
    case 'x-bf-cache-no-store':
      if (isTrue(value)) draft.skipWrite = true;
      break;
    case 'cf-aig-cache-ttl':
      draft.ttlMs = lesser(draft.ttlMs, milliseconds(value));
      break;
  }
}

function readDirective(draft: Draft, directive: string): void {
  const [name = '', value = ''] = directive.split('=', 2).map((part) => part.trim());
  if (name === 'no-cache') draft.skipRead = true;
  else if (name === 'no-store') draft.skipWrite = true;
  else if (name === 'only-if-cached') draft.onlyIfCached = true;
  // A max-age that cannot be read is treated as stale (RFC 9111 4.2.1).
  else if (name === 'max-age') draft.maxAgeMs = lesser(draft.maxAgeMs, milliseconds(value.replaceAll('"', '')) ?? 0);
}

function readBody(draft: Draft, cache: JsonObject | undefined): void {
  if (cache === undefined) return;
  if (cache['no-cache'] === true) draft.skipRead = true;
  if (cache['no-store'] === true) draft.skipWrite = true;
  const maxAge = numberAt(cache, 's-maxage');
  if (maxAge !== undefined) draft.maxAgeMs = lesser(draft.maxAgeMs, Math.max(0, maxAge * 1000));
  const ttl = numberAt(cache, 'ttl');
  if (ttl !== undefined) draft.ttlMs = lesser(draft.ttlMs, Math.max(0, ttl * 1000));
}

function skipBoth(draft: Draft): void {
  draft.skipRead = true;
  draft.skipWrite = true;
}

function isTrue(value: string): boolean {
  return value.toLowerCase() === 'true' || value === '1';
}

/** `seconds` is decimal text; undefined where it is not. */
function milliseconds(seconds: string): number | undefined {
  return /^\d+$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

function lesser(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : Math.min(a, b);
}
