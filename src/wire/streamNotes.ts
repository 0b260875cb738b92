import type { WireError } from './errorBody.ts';
import { errorValue } from './errorBody.ts';
import type { BodyEndpoint } from './parsedRequest.ts';
import { dialectOf } from './parseRequest.ts';

/** The event that ends a stream which broke: the SDKs of both vendors throw on it. */
export function streamErrorEvent(endpoint: BodyEndpoint, error: WireError): Uint8Array {
  const value = errorValue(dialectOf(endpoint), 500, error);
  if (endpoint === 'messages') return event('error', value);
  if (endpoint !== 'responses') return event(undefined, value);
  // Flat fields are what the documentation shows, the nested object what SDKs look for.
  return event('error', { type: 'error', code: error.code, message: error.message, param: null, ...value });
}

/** A comment, which every event stream parser skips: figures that are known only at the end. */
export function streamComment(name: string, value: object): Uint8Array {
  return Buffer.from(`: ${name} ${JSON.stringify(value)}\n\n`, 'utf8');
}

/** One event as bytes. */
export function event(name: string | undefined, data: object): Uint8Array {
  return Buffer.from(`${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`, 'utf8');
}
