import { isForbiddenHost } from '../proxy/guardedLookup.ts';
import { isLoopback } from '../proxy/upstreamUrl.ts';
import { batchBaseUrlRefused, ownBaseUrl } from './errors.ts';

/** How requests of batch jobs are sent to a provider: straight, because a redirect would take the key and the prompts along. */
export function batchFetch(baseUrl: string, ownPort: number, send: typeof fetch): typeof fetch {
  const url = URL.parse(baseUrl);
  // A job sent to Tollgate itself would go round in circles; see `refuseOwnAddress`.
  if (isLoopback(baseUrl) && Number(url?.port) === ownPort) return refusing(ownBaseUrl);
  if (url === null || isForbiddenHost(url.hostname)) return refusing(batchBaseUrlRefused);
  return (input, init) => send(input, { ...init, headers: withoutOurs(init?.headers), redirect: 'error' });
}

/** The SDKs add the custom headers of the environment, which in a metered terminal are ours. */
function withoutOurs(given: RequestInit['headers']): Headers {
  const headers = new Headers(given);
  for (const name of [...headers.keys()]) if (name.startsWith('x-tollgate-')) headers.delete(name);
  return headers;
}

function refusing(message: string): typeof fetch {
  return async () => Response.json({ error: { message } }, { status: 400 });
}
