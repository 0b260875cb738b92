import { arrayAt, isJsonObject, type JsonObject, objectAt, parseJson, stringAt } from './json.ts';
import type { ParsedRequest } from './parsedRequest.ts';
import { replayMessage } from './replayMessage.ts';
import { replayResponse } from './replayResponse.ts';
import type { StoredAnswer } from './storedAnswer.ts';
import { event } from './streamNotes.ts';

/**
 * The bytes of a stored answer as this request wants them: JSON as it is kept, or the events a provider would send.
 * @returns undefined where the answer cannot be told in that form (it is then a miss)
 */
export function replayAnswer(answer: StoredAnswer, request: ParsedRequest): Uint8Array | undefined {
  if (answer.endpoint !== request.endpoint) return undefined;
  if (!request.stream) return Buffer.from(answer.json, 'utf8');
  const reply = parseJson(answer.json);
  if (!isJsonObject(reply)) return undefined;
  switch (answer.endpoint) {
    case 'chat.completions':
    case 'completions':
      return Buffer.concat(replayChat(answer.endpoint, reply, request));
    case 'responses':
      return Buffer.concat(replayResponse(reply));
    case 'messages':
      return Buffer.concat(replayMessage(reply));
    case 'embeddings':
    case 'messages.count_tokens':
      return undefined;
  }
}

function replayChat(
  endpoint: 'chat.completions' | 'completions',
  reply: JsonObject,
  request: ParsedRequest,
): Uint8Array[] {
  const { choices: _choices, usage, object: _object, ...rest } = reply;
  const wantsUsage = objectAt(request.body, 'stream_options')?.include_usage === true;
  const object = endpoint === 'completions' ? 'text_completion' : 'chat.completion.chunk';
  const chunk = (choices: readonly JsonObject[], counted: JsonObject | null = null): Uint8Array =>
    event(undefined, { ...rest, object, choices, ...(wantsUsage ? { usage: counted } : {}) });
  const choices = arrayAt(reply, 'choices').filter(isJsonObject);
  const parts = choices.flatMap((choice) => (endpoint === 'completions' ? completionParts(choice) : chatParts(choice)));
  const last = wantsUsage && isJsonObject(usage) ? [chunk([], usage)] : [];
  return [...parts.map((part) => chunk([part])), ...last, Buffer.from('data: [DONE]\n\n', 'latin1')];
}

function chatParts(choice: JsonObject): JsonObject[] {
  const index = choice.index ?? 0;
  const { role, tool_calls: _calls, ...message } = objectAt(choice, 'message') ?? {};
  const toolCalls = arrayAt(objectAt(choice, 'message'), 'tool_calls').filter(isJsonObject);
  const texts = Object.entries(message).filter(([, value]) => typeof value === 'string' && value !== '');
  const part = (delta: JsonObject, logprobs = choice.logprobs ?? null): JsonObject => ({
    index,
    delta,
    logprobs,
    finish_reason: null,
  });
  return [
    part({ role: role ?? 'assistant', content: message.content === null ? null : '' }, null),
    ...texts.map(([key, value]) => part({ [key]: value }, key === 'content' ? (choice.logprobs ?? null) : null)),
    ...toolCalls.map((call, at) => part({ tool_calls: [{ index: at, ...call }] }, null)),
    { index, delta: {}, logprobs: null, finish_reason: choice.finish_reason ?? 'stop' },
  ];
}

function completionParts(choice: JsonObject): JsonObject[] {
  const { finish_reason: finishReason, ...part } = choice;
  return [
    { ...part, text: stringAt(choice, 'text') ?? '', finish_reason: null },
    { index: choice.index ?? 0, text: '', logprobs: null, finish_reason: finishReason ?? 'stop' },
  ];
}
