import { arrayAt, isJsonObject, type JsonObject, objectAt, stringAt } from '../json.ts';
import { readFacts } from '../replyFacts.ts';
import type { Answer, AnswerPart } from './answer.ts';
import { finishOfMessage } from './finish.ts';

/** Undefined where a 2xx reply is no message after all. */
export function readMessageReply(reply: JsonObject): Answer | undefined {
  if (!Array.isArray(reply.content)) return undefined;
  const stopSequence = stringAt(reply, 'stop_sequence');
  const refusal = stringAt(objectAt(reply, 'stop_details'), 'explanation');
  const usage = readFacts('messages', reply).usage?.usage;
  return {
    id: stringAt(reply, 'id') ?? '',
    model: stringAt(reply, 'model') ?? '',
    parts: arrayAt(reply, 'content').filter(isJsonObject).flatMap(readBlock),
    finish: finishOfMessage(stringAt(reply, 'stop_reason')),
    ...(stopSequence === undefined ? {} : { stopSequence }),
    ...(refusal === undefined ? {} : { refusal }),
    ...(usage === undefined ? {} : { usage }),
  };
}

/** Only what was asked for can be there: a request with tools of the provider's own is never translated. */
function readBlock(block: JsonObject): AnswerPart[] {
  switch (block.type) {
    case 'text':
      return [{ kind: 'text', text: stringAt(block, 'text') ?? '' }];
    case 'thinking': {
      const signature = stringAt(block, 'signature') ?? '';
      return [{ kind: 'thinking', text: stringAt(block, 'thinking') ?? '', signature }];
    }
    case 'redacted_thinking':
      return [{ kind: 'thinking', text: '', redacted: stringAt(block, 'data') ?? '' }];
    case 'tool_use': {
      const called = { id: stringAt(block, 'id') ?? '', name: stringAt(block, 'name') ?? '' };
      return [{ kind: 'toolCall', ...called, input: JSON.stringify(block.input ?? {}) }];
    }
    default:
      return [];
  }
}
