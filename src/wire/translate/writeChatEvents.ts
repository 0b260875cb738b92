import { errorValue } from '../errorBody.ts';
import type { JsonObject } from '../json.ts';
import { event as eventBytes } from '../streamNotes.ts';
import type { AnswerEvent, AnswerWriter } from './answer.ts';
import type { ThinkingPart } from './conversation.ts';
import { chatFinish } from './finish.ts';
import { pingComment } from './pingComment.ts';
import { thinkingBlock } from './thinkingBlocks.ts';
import { chatId } from './writeChatReply.ts';
import { chatUsage } from './writeUsage.ts';

/** @param createdAt seconds since the epoch */
export function createChatWriter(includesUsage: boolean, createdAt: number): AnswerWriter {
  let head: JsonObject = {};
  let calls = 0;
  let isCallEmpty = false;
  let thinking = '';
  /** Told at the end in one piece: clients that put deltas together keep the last list they see. */
  const thought: JsonObject[] = [];

  const chunk = (choices: readonly JsonObject[], usage: JsonObject | null = null): Uint8Array =>
    eventBytes(undefined, { ...head, choices, ...(includesUsage ? { usage } : {}) });
  const delta = (fields: JsonObject, finishReason: string | null = null): Uint8Array =>
    chunk([{ index: 0, delta: fields, logprobs: null, finish_reason: finishReason }]);
  const input = (json: string): Uint8Array =>
    delta({ tool_calls: [{ index: calls - 1, function: { arguments: json } }] });
  /** A call without arguments is one with an empty object. */
  const endCall = (): Uint8Array[] => {
    const wasEmpty = isCallEmpty;
    isCallEmpty = false;
    return wasEmpty ? [input('{}')] : [];
  };
  const think = (part: ThinkingPart): Uint8Array[] => {
    thought.push(thinkingBlock(part));
    thinking = '';
    return endCall();
  };

  const write = (event: AnswerEvent): Uint8Array[] => {
    switch (event.kind) {
      case 'start':
        head = { id: chatId(event.id), object: 'chat.completion.chunk', created: createdAt, model: event.model };
        return [delta({ role: 'assistant', content: '', refusal: null })];
      case 'text':
        return [...endCall(), delta({ content: event.text })];
      case 'refusal':
        return [...endCall(), delta({ refusal: event.text })];
      case 'thinking':
        thinking += event.text;
        return [...endCall(), delta({ reasoning_content: event.text })];
      case 'signature':
        return think({ kind: 'thinking', text: thinking, signature: event.signature });
      case 'redacted':
        return think({ kind: 'thinking', text: '', redacted: event.data });
      case 'callStart': {
        const ended = endCall();
        const call = { id: event.id, type: 'function', function: { name: event.name, arguments: '' } };
        isCallEmpty = true;
        return [...ended, delta({ tool_calls: [{ index: calls++, ...call }] })];
      }
      case 'callInput':
        isCallEmpty = false;
        return [input(event.json)];
      case 'finish': {
        const blocks = thought.length > 0 ? [delta({ thinking_blocks: thought })] : [];
        const last = [...endCall(), ...blocks, delta({}, chatFinish[event.finish])];
        return includesUsage && event.usage !== undefined ? [...last, chunk([], chatUsage(event.usage))] : last;
      }
      case 'end':
        return [Buffer.from('data: [DONE]\n\n', 'latin1')];
      case 'ping':
        return [pingComment()];
      case 'error':
        return [eventBytes(undefined, errorValue('openai', 500, event.error))];
    }
  };
  return { write };
}
