import type { ServerResponse } from 'node:http';
import type { HeaderPairs, ProxyResponse } from '../../proxy/exchange.ts';
import type { Refusal } from './refusals.ts';

/**
 * Writes the proxy's answer, as fast as the client takes it. Where the body throws, the connection is cut, so that the
 * client does not take a torn answer for a whole one. Resolves when nothing more will be written.
 */
export async function sendResponse(
  response: ServerResponse,
  { status, headers, body }: ProxyResponse,
  onTorn: (error: unknown) => void,
): Promise<void> {
  if (body instanceof Uint8Array) {
    response.writeHead(status, mayHaveBody(response, status) ? flat(headers, body.byteLength) : flat(headers));
    response.end(body);
    return;
  }
  try {
    response.writeHead(status, flat(headers));
  } catch (error) {
    await body[Symbol.asyncIterator]().return?.();
    throw error;
  }
  try {
    // Sends the head at once. Node's flushHeaders would write it as UTF-8, and header bytes are one character each.
    response.write(nothing);
    for await (const piece of body) {
      if (response.destroyed) return;
      if (!response.write(piece)) await drained(response);
      if (response.destroyed) return;
    }
    response.end();
  } catch (error) {
    onTorn(error);
    response.destroy();
  }
}

const nothing = new Uint8Array();

/** A client that is still sending gets this long to see that it has been refused. */
const refusedLingerMs = 1_000;

/** Answers with a constant body. What is left of the request is not looked at, and ends with the connection. */
export function sendRefusal(response: ServerResponse, { status, body, mayRetry = false }: Refusal): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { req: request } = response;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.byteLength,
    // SDKs honour this: most of what was refused will be refused again.
    'x-should-retry': String(mayRetry),
  });
  response.end(body, () => {
    if (request.complete) return;
    // Closing at once would reset the connection under the answer.
    const timer = setTimeout(() => request.destroy(), refusedLingerMs);
    request.once('close', () => clearTimeout(timer));
  });
}

/** RFC 9110 6.4.1; a length must not be added to these. */
function mayHaveBody(response: ServerResponse, status: number): boolean {
  return response.req.method !== 'HEAD' && status !== 204 && status !== 304;
}

/** Node wants names and values in turn. A length is added where the body's is known and nothing says it yet. */
function flat(headers: HeaderPairs, length?: number): string[] {
  const list: string[] = [];
  let framed = length === undefined;
  for (const [name, value] of headers) {
    list.push(name, value);
    const lower = name.length === 14 || name.length === 17 ? name.toLowerCase() : '';
    framed ||= lower === 'content-length' || lower === 'transfer-encoding';
  }
  if (!framed) list.push('content-length', String(length));
  return list;
}

/** The client has taken what was written, or is gone. */
function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    response.on('drain', settle).on('close', settle);
  });
}
