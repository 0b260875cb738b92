import type { IncomingMessage } from 'node:http';
import type { HeaderPairs } from '../../proxy/exchange.ts';

/** What is known of a request before its body is read. */
export interface RequestHead {
  readonly method: string;
  /** As on the request line. */
  readonly target: string;
  readonly headers: HeaderPairs;
}

/** Header pairs in the order and case they came in. */
export function readHead(request: IncomingMessage): RequestHead {
  const raw = request.rawHeaders;
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) headers.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return { method: request.method ?? '', target: request.url ?? '', headers };
}

/** Every value of a header; `name` in lower case. */
export function headerValues(headers: HeaderPairs, name: string): string[] {
  const values: string[] = [];
  for (const [key, value] of headers) if (key.length === name.length && key.toLowerCase() === name) values.push(value);
  return values;
}

/** The value of a header that came exactly once; undefined when it is absent or repeated. */
export function soleHeader(headers: HeaderPairs, name: string): string | undefined {
  const values = headerValues(headers, name);
  return values.length === 1 ? values[0] : undefined;
}
