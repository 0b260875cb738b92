import { cacheControlHeaders } from '../cache/readDirectives.ts';
import type { HeaderPairs } from './exchange.ts';

/** A request's headers, sorted once into what goes on and what is said to us. */
export interface RequestHeaders {
  /** What goes upstream, as it came: without hop-by-hop headers, ours, `host` and `content-length`. */
  readonly forward: HeaderPairs;
  /** First value of every header by lower-case name, those not forwarded included. */
  readonly values: ReadonlyMap<string, string>;
  /** Headers of other gateways that say something to us; forwarded only to a base URL the user confirmed. */
  readonly foreign: HeaderPairs;
  /** A control header that came twice with different values, or that names another upstream. */
  readonly problem: { readonly header: string; readonly kind: 'contradictory' | 'otherUpstream' } | undefined;
}

/** RFC 9110 7.6.1, with what Node sets itself. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
  'content-length',
]);

/** What other gateways call what we read too. */
const foreignControls: ReadonlySet<string> = new Set([
  ...cacheControlHeaders,
  'x-litellm-tags',
  'x-litellm-spend-logs-metadata',
  'x-litellm-end-user-id',
  'x-litellm-timeout',
  'x-litellm-num-retries',
  'x-litellm-min-quality-tier',
  'x-portkey-metadata',
  'x-portkey-request-timeout',
  'helicone-user-id',
  'helicone-session-id',
  'cf-aig-metadata',
  'cf-aig-session-id',
  'cf-aig-turn-id',
  'cf-aig-max-attempts',
]);

/** Whoever could choose the upstream by a header would get the key that goes with it (CVE-2024-6587). */
const otherUpstream = new Set([
  'x-portkey-custom-host',
  'helicone-target-url',
  'helicone-openai-api-base',
  'x-litellm-api-base',
  'x-tollgate-base-url',
  'x-tollgate-upstream',
]);

const ours = 'x-tollgate-';
const heliconeProperty = 'helicone-property-';

export function readRequestHeaders(headers: HeaderPairs): RequestHeaders {
  const forward: (readonly [string, string])[] = [];
  const foreign: (readonly [string, string])[] = [];
  const values = new Map<string, string>();
  let problem: RequestHeaders['problem'];
  const named = connectionTokens(headers);
  for (const pair of headers) {
    const name = pair[0].toLowerCase();
    const isOurs = name.startsWith(ours);
    const isForeign = !isOurs && (foreignControls.has(name) || name.startsWith(heliconeProperty));
    const earlier = values.get(name);
    if (otherUpstream.has(name)) problem ??= { header: name, kind: 'otherUpstream' };
    else if (earlier === undefined) values.set(name, pair[1]);
    else if ((isOurs || isForeign) && earlier !== pair[1]) problem ??= { header: name, kind: 'contradictory' };
    if (isForeign) foreign.push(pair);
    else if (!isOurs && !hopByHop.has(name) && named?.has(name) !== true) forward.push(pair);
  }
  return { forward, foreign, values, problem };
}

/** Headers that `Connection` names are for one hop only. */
function connectionTokens(headers: HeaderPairs): ReadonlySet<string> | undefined {
  let tokens: Set<string> | undefined;
  for (const [name, value] of headers) {
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    for (const token of value.split(',')) {
      const lower = token.trim().toLowerCase();
      if (lower === '' || lower === 'keep-alive' || lower === 'close') continue;
      tokens ??= new Set();
      tokens.add(lower);
    }
  }
  return tokens;
}

/** A response's headers less hop-by-hop; cookies and leave for pages would be the provider's, not this server's. */
const notForClient = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'set-cookie',
]);

const leaveForPages = 'access-control-';

export function readResponseHeaders(headers: HeaderPairs, drop?: string): HeaderPairs {
  return headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !notForClient.has(lower) && lower !== drop && !lower.startsWith(ours) && !lower.startsWith(leaveForPages);
  });
}

/** The first value of a header, by lower-case name. */
export function headerOf(headers: HeaderPairs, name: string): string | undefined {
  return headers.find(([candidate]) => candidate.length === name.length && candidate.toLowerCase() === name)?.[1];
}

/** What is read or changed on its way must not come compressed. */
export function uncompressed(headers: HeaderPairs): HeaderPairs {
  const others = headers.filter(([name]) => name.toLowerCase() !== 'accept-encoding');
  return [...others, ['accept-encoding', 'identity']];
}

/** How many attempts the client wants at most; undefined = it does not say. `retries` of LiteLLM are those after the first. */
export function attemptsAsked({ values }: RequestHeaders): number | undefined {
  const named = values.get('x-tollgate-max-attempts') ?? values.get('cf-aig-max-attempts');
  const asked = Math.floor(named === undefined ? numberIn(values.get('x-litellm-num-retries')) + 1 : numberIn(named));
  return asked >= 1 ? asked : undefined;
}

function numberIn(value: string | undefined): number {
  return value === undefined || value.trim() === '' ? Number.NaN : Number(value);
}
