import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import { objectAt } from '../json.ts';
import { asBuffer } from '../setMembers.ts';
import type { AnswerEvent, AnswerReader, AnswerWriter } from './answer.ts';
import { createChatEvents } from './readChatEvents.ts';
import type { Reading } from './reading.ts';
import { createMessageEvents } from './readMessageEvents.ts';
import { createChatWriter } from './writeChatEvents.ts';
import { createMessageWriter } from './writeMessageEvents.ts';
import { createResponseWriter } from './writeResponseEvents.ts';

/** A stream in the client's dialect, written event by event as the upstream's comes in. */
export interface StreamTranslation {
  /** @param bytes the upstream's, cut anywhere */
  push(bytes: Uint8Array): Uint8Array;
  /** The upstream's stream has closed after a complete answer: what is left to be said. */
  end(): Uint8Array;
}

/** Nothing larger is an event of a chat completion or a message. */
const maxEventChars = 32 * 1024 * 1024;

const ofThinking: ReadonlySet<AnswerEvent['kind']> = new Set(['thinking', 'signature', 'redacted'] as const);

export function createStreamTranslation(reading: Reading): StreamTranslation {
  const reader: AnswerReader = reading.from === 'messages' ? createMessageEvents() : createChatEvents();
  const writer = createWriter(reading);
  const decoder = new StringDecoder('utf8');
  let written: Uint8Array[] = [];
  let isBlind = false;
  const write = (steps: readonly AnswerEvent[]): void => {
    for (const step of steps)
      if (reading.showsThinking || !ofThinking.has(step.kind)) written.push(...writer.write(step));
  };
  const parser = createParser({
    maxBufferSize: maxEventChars,
    onEvent: ({ event, data }) => write(reader.take(event, data)),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') isBlind = true;
    },
  });
  const takeWritten = (): Uint8Array => {
    const bytes = Buffer.concat(written);
    written = [];
    return bytes;
  };
  return {
    push(bytes) {
      if (!isBlind) parser.feed(decoder.write(asBuffer(bytes)));
      return takeWritten();
    },
    end() {
      write(reader.close());
      return takeWritten();
    },
  };
}

function createWriter({ request, endpoint, createdAt }: Reading): AnswerWriter {
  switch (endpoint) {
    case 'chat.completions':
      return createChatWriter(objectAt(request.body, 'stream_options')?.include_usage === true, createdAt);
    case 'messages':
      return createMessageWriter();
    case 'responses':
      return createResponseWriter(request.body, createdAt);
  }
}
