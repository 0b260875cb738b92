import type { HeaderPairs } from '../../proxy/exchange.ts';
import { headerValues } from './requestHead.ts';

/** The names under which this server may be called; anything else is a rebound or forwarded name. */
export function localHosts(port: number): ReadonlySet<string> {
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
}

/**
 * True for a program on this machine. A page's requests carry `Origin` or `Sec-Fetch-Site`; those of a rebound DNS name
 * carry that name as `Host`, and may have no `Origin` at all, so that both are looked at, always.
 * @param allowOwnPages also a page that this server has served itself
 */
export function isLocalCaller(headers: HeaderPairs, hosts: ReadonlySet<string>, allowOwnPages: boolean): boolean {
  const host = headerValues(headers, 'host');
  if (host.length !== 1 || !hosts.has((host[0] ?? '').toLowerCase())) return false;
  const origins = headerValues(headers, 'origin');
  if (origins.length > 0 && !(allowOwnPages && origins.length === 1 && isOwnOrigin(origins[0] ?? '', hosts)))
    return false;
  return headerValues(headers, 'sec-fetch-site').every(
    (site) => site === 'none' || (site === 'same-origin' && allowOwnPages),
  );
}

function isOwnOrigin(origin: string, hosts: ReadonlySet<string>): boolean {
  return origin.startsWith('http://') && hosts.has(origin.slice('http://'.length));
}
