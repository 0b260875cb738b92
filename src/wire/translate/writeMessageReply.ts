import { isJsonObject, type JsonObject, parseJson } from '../json.ts';
import type { Answer, AnswerPart } from './answer.ts';
import { messageFinish } from './finish.ts';
import { messageUsage } from './writeUsage.ts';

/** Every id of a message begins like this. */
export function messageId(id: string): string {
  return `msg_${id}`;
}

/** Undefined where a tool is called with something else than a JSON object. */
export function writeMessageReply(answer: Answer): JsonObject | undefined {
  const { finish, refusal, stopSequence, usage } = answer;
  const isCut = finish === 'length' || finish === 'context';
  const content: JsonObject[] = [];
  for (const part of answer.parts) {
    const block = writeBlock(part, isCut);
    if (block === undefined) return undefined;
    content.push(block);
  }
  if (refusal !== undefined) content.push({ type: 'text', text: refusal, citations: null });
  return {
    id: messageId(answer.id),
    type: 'message',
    role: 'assistant',
    model: answer.model,
    content,
    stop_reason: messageFinish[finish],
    stop_sequence: stopSequence ?? null,
    usage: messageUsage(usage ?? {}),
  };
}

function writeBlock(part: AnswerPart, isCut: boolean): JsonObject | undefined {
  if (part.kind === 'text') return { type: 'text', text: part.text, citations: null };
  if (part.kind === 'thinking') return { type: 'thinking', thinking: part.text, signature: part.signature ?? '' };
  const value = part.input.trim() === '' ? {} : parseJson(part.input);
  // Where the limit cut the arguments off, the stop reason says that the call is not to be used.
  const input = isJsonObject(value) ? value : isCut ? {} : undefined;
  return input && { type: 'tool_use', id: part.id, name: part.name, input };
}
