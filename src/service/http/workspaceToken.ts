import type { HeaderPairs } from '../../proxy/exchange.ts';

export const workspaceTokenHeader = 'x-tollgate-token';

/** Where SDKs put their key, and so the places a token may come in instead of one. */
const keyHeaders: ReadonlySet<string> = new Set(['authorization', 'x-api-key', 'api-key']);

export interface Identified {
  readonly workspaceId: string;
  /** What stands in front of `path` in the request's target: `/t/TOKEN`, or nothing. */
  readonly prefix: string;
  /** Path and query below the workspace part. */
  readonly path: string;
  /** Without every header that carried a token of ours. */
  readonly headers: HeaderPairs;
  readonly tokenInHeader: boolean;
}

/**
 * Finds the workspace that a request is for, from the token in its path (`/t/TOKEN/…`) or its headers, and takes the
 * token out. A wrong token, or tokens of different workspaces, are nobody's: undefined.
 * @param workspaceOf the workspace of a token; undefined for anything that is none
 */
export function identify(
  target: string,
  headers: HeaderPairs,
  workspaceOf: (token: string) => string | undefined,
): Identified | undefined {
  const found = new Set<string | undefined>();
  const { token, path } = splitTarget(target);
  if (token !== undefined) found.add(workspaceOf(token));
  const kept: (readonly [string, string])[] = [];
  let tokenInHeader = false;
  for (const pair of headers) {
    const name = pair[0].toLowerCase();
    if (name === workspaceTokenHeader) {
      found.add(workspaceOf(pair[1].trim()));
      tokenInHeader = true;
      continue;
    }
    const owner = keyHeaders.has(name) ? workspaceOf(credentialIn(pair[1])) : undefined;
    if (owner === undefined) {
      kept.push(pair);
      continue;
    }
    found.add(owner);
    tokenInHeader = true;
  }
  const [workspaceId] = found;
  if (found.size !== 1 || workspaceId === undefined) return undefined;
  const prefix = token === undefined ? '' : `/t/${token}`;
  return { workspaceId, prefix, path, headers: kept, tokenInHeader };
}

function splitTarget(target: string): { token: string | undefined; path: string } {
  if (!target.startsWith('/t/')) return { token: undefined, path: target };
  const end = target.slice(3).search(/[/?]/);
  if (end < 0) return { token: target.slice(3), path: '/' };
  const rest = target.slice(3 + end);
  return { token: target.slice(3, 3 + end), path: rest.startsWith('?') ? `/${rest}` : rest };
}

function credentialIn(value: string): string {
  const text = value.trim();
  return text.slice(0, 7).toLowerCase() === 'bearer ' ? text.slice(7).trim() : text;
}
