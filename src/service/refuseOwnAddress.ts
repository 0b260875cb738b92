import type { Upstream } from '../proxy/exchange.ts';
import { UpstreamFailed } from '../proxy/upstreamFailed.ts';
import { isLoopback } from '../proxy/upstreamUrl.ts';

/**
 * Keeps a call from going round in circles: a base URL that an open terminal had from Tollgate may come back as a
 * provider's.
 */
export function refuseOwnAddress(send: Upstream, ownPort: () => number): Upstream {
  return async (request) => {
    if (Number(URL.parse(request.url)?.port) === ownPort() && isLoopback(request.url))
      throw new UpstreamFailed('forbidden', 'the base URL is that of Tollgate itself');
    return send(request);
  };
}
