import { arrayAt, isJsonObject, type JsonObject, objectAt, stringAt } from '../json.ts';
import { readFacts } from '../replyFacts.ts';
import type { Answer, AnswerPart } from './answer.ts';
import { finishOfChat } from './finish.ts';

/** Undefined where a 2xx reply is no chat completion after all. */
export function readChatReply(reply: JsonObject): Answer | undefined {
  const choice = arrayAt(reply, 'choices').find(isJsonObject);
  const message = objectAt(choice, 'message');
  if (choice === undefined || message === undefined) return undefined;
  const refusal = stringAt(message, 'refusal');
  const calls = arrayAt(message, 'tool_calls').filter(isJsonObject).map(readCall);
  const usage = readFacts('chat.completions', reply).usage?.usage;
  return {
    id: stringAt(reply, 'id') ?? '',
    model: stringAt(reply, 'model') ?? '',
    parts: [...thinkingOf(message), ...textOf(message), ...calls],
    finish: finishOfChat(stringAt(choice, 'finish_reason'), calls.length > 0, refusal !== undefined),
    ...(refusal === undefined ? {} : { refusal }),
    ...(usage === undefined ? {} : { usage }),
  };
}

/** DeepSeek and vLLM call it `reasoning_content`, OpenRouter and Groq `reasoning`. */
export function reasoningIn(message: JsonObject | undefined): string {
  return stringAt(message, 'reasoning_content') ?? stringAt(message, 'reasoning') ?? '';
}

function thinkingOf(message: JsonObject): AnswerPart[] {
  const text = reasoningIn(message);
  return text === '' ? [] : [{ kind: 'thinking', text }];
}

/** Mistral's reasoning models answer in parts. */
function textOf(message: JsonObject): AnswerPart[] {
  const parts = arrayAt(message, 'content').filter(isJsonObject);
  const text = stringAt(message, 'content') ?? parts.map((part) => stringAt(part, 'text') ?? '').join('');
  return text === '' ? [] : [{ kind: 'text', text }];
}

function readCall(call: JsonObject): AnswerPart {
  const called = objectAt(call, 'function');
  const input = stringAt(called, 'arguments') ?? '';
  return { kind: 'toolCall', id: stringAt(call, 'id') ?? '', name: stringAt(called, 'name') ?? '', input };
}
