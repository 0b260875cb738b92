import type { JsonObject } from '../json.ts';
import type { Answer } from './answer.ts';
import { readChatReply } from './readChatReply.ts';
import type { Reading } from './reading.ts';
import { readMessageReply } from './readMessageReply.ts';
import { writeChatReply } from './writeChatReply.ts';
import { writeMessageReply } from './writeMessageReply.ts';
import { writeResponseReply } from './writeResponseReply.ts';

/** A whole reply in the client's dialect; undefined where it is not what a provider of that dialect answers. */
export function translateReply(reply: JsonObject, reading: Reading): JsonObject | undefined {
  const answer = reading.from === 'messages' ? readMessageReply(reply) : readChatReply(reply);
  if (answer === undefined || reading.showsThinking) return answer && writeReply(answer, reading);
  return writeReply({ ...answer, parts: answer.parts.filter(({ kind }) => kind !== 'thinking') }, reading);
}

function writeReply(answer: Answer, { request, endpoint, createdAt }: Reading): JsonObject | undefined {
  switch (endpoint) {
    case 'chat.completions':
      return writeChatReply(answer, createdAt);
    case 'messages':
      return writeMessageReply(answer);
    case 'responses':
      return writeResponseReply(answer, request.body, createdAt);
  }
}
