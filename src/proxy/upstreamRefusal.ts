import type { Provider } from './chooseProvider.ts';
import { type Refusal, upstreamForbidden, upstreamTimedOut, upstreamUnreachable } from './errors.ts';
import type { UpstreamFailed } from './upstreamFailed.ts';
import { hostOf } from './upstreamUrl.ts';

/**
 * What the client is told of a provider that gave no answer.
 * @param firstByteMs how long its answer was waited for
 */
export function upstreamRefusal({ name, baseUrl }: Provider, error: UpstreamFailed, firstByteMs: number): Refusal {
  const host = hostOf(baseUrl);
  if (error.failure === 'forbidden') return upstreamForbidden(name, host);
  if (error.failure === 'timeout') return upstreamTimedOut(name, Math.ceil(firstByteMs / 1000));
  return upstreamUnreachable(name, host, error.code);
}
