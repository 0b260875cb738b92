import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import { createChatStream } from './chatStream.ts';
import type { EventStream } from './eventStream.ts';
import { numberAt } from './json.ts';
import { createMessagesStream } from './messagesStream.ts';
import type { ParsedRequest } from './parsedRequest.ts';
import { createResponsesStream } from './responsesStream.ts';
import { asBuffer } from './setMembers.ts';

/** The last event of a Responses stream holds the whole answer; nothing larger is an event. */
const maxEventChars = 32 * 1024 * 1024;

/** Reads a copy of a stream's bytes, cut anywhere. */
export interface StreamReader {
  readonly events: EventStream;
  /** Never throws: a stream that is no event stream reads as one without events. */
  push(bytes: Uint8Array): void;
  /** Characters have stopped making sense, or an event was too large; what is known is what was read until then. */
  readonly isBlind: boolean;
}

export function createStreamReader(request: ParsedRequest): StreamReader {
  const events = eventStreamFor(request);
  const decoder = new StringDecoder('utf8');
  const parser = createParser({
    maxBufferSize: maxEventChars,
    onEvent: ({ event, data }) => events.take(event, data),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') isBlind = true;
    },
  });
  let isBlind = false;
  return {
    events,
    push(bytes) {
      if (!isBlind) parser.feed(decoder.write(asBuffer(bytes)));
    },
    get isBlind() {
      return isBlind;
    },
  };
}

function eventStreamFor(request: ParsedRequest): EventStream {
  switch (request.endpoint) {
    case 'messages':
    case 'messages.count_tokens':
      return createMessagesStream();
    case 'responses':
      return createResponsesStream();
    case 'chat.completions':
    case 'embeddings':
      return createChatStream('chat.completions', numberAt(request.body, 'n') ?? 1);
    case 'completions':
      return createChatStream('completions', numberAt(request.body, 'n') ?? 1);
  }
}
