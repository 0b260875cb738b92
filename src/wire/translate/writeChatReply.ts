import type { JsonObject } from '../json.ts';
import type { Answer, AnswerPart } from './answer.ts';
import { chatFinish } from './finish.ts';
import { thinkingBlock } from './thinkingBlocks.ts';
import { chatUsage } from './writeUsage.ts';

/** Every id of a chat completion begins like this. */
export function chatId(id: string): string {
  return `chatcmpl-${id}`;
}

/** @param createdAt seconds since the epoch, which Anthropic does not tell */
export function writeChatReply(answer: Answer, createdAt: number): JsonObject {
  const { parts, refusal, usage } = answer;
  const text = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  const calls = parts.flatMap((part) => (part.kind === 'toolCall' ? [writeCall(part)] : []));
  const message = {
    role: 'assistant',
    content: text === '' && (calls.length > 0 || refusal !== undefined) ? null : text,
    refusal: refusal ?? null,
    ...reasoningOf(parts),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  return {
    id: chatId(answer.id),
    object: 'chat.completion',
    created: createdAt,
    model: answer.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: chatFinish[answer.finish] }],
    ...(usage === undefined ? {} : { usage: chatUsage(usage) }),
  };
}

/** The text for whoever reads it, the signed blocks for sending back. */
function reasoningOf(parts: readonly AnswerPart[]): JsonObject {
  const thinking = parts.flatMap((part) => (part.kind === 'thinking' ? [part] : []));
  if (thinking.length === 0) return {};
  const text = thinking.map((part) => part.text).join('');
  return {
    ...(text === '' ? {} : { reasoning_content: text }),
    thinking_blocks: thinking.map(thinkingBlock),
  };
}

function writeCall(part: Extract<AnswerPart, { kind: 'toolCall' }>): JsonObject {
  return { id: part.id, type: 'function', function: { name: part.name, arguments: part.input } };
}
