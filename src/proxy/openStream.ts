import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { createStreamReader, type StreamReader } from '../wire/streamReader.ts';
import type { ProxyResponse } from './exchange.ts';

/** A stream of which the beginning may have been read already. */
export interface OpenedStream {
  readonly reader: StreamReader;
  /** Read, and not yet given to the client. */
  readonly begun: readonly Uint8Array[];
  readonly rest: AsyncIterator<Uint8Array>;
}

export interface StreamStart {
  readonly stream: OpenedStream;
  /** It ended or reported an error before any content: the call still belongs to nobody. */
  readonly broken: boolean;
}

export function openStream(request: ParsedRequest, response: ProxyResponse): OpenedStream {
  const { body } = response;
  const rest = body instanceof Uint8Array ? only(body) : body[Symbol.asyncIterator]();
  return { reader: createStreamReader(request), begun: [], rest };
}

/**
 * Reads a stream up to its first content event, so that until then another target can take over. Nothing is lost to the
 * client but an empty opening event, for as long as the model has not begun to speak.
 */
export async function awaitContent(stream: OpenedStream): Promise<StreamStart> {
  const { reader, rest } = stream;
  const begun: Uint8Array[] = [];
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return { stream: { ...stream, begun }, broken: true };
    begun.push(next.value);
    reader.push(next.value);
    const { contentStarted, ended, error } = reader.events;
    if (error !== undefined && !contentStarted) return { stream: { ...stream, begun }, broken: true };
    if (contentStarted || ended) return { stream: { ...stream, begun }, broken: false };
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array, undefined> {
  yield bytes;
  return undefined;
}
