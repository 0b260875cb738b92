import { arrayAt, isJsonObject, type JsonObject, type JsonValue, objectAt, stringAt } from './json.ts';
import type { BodyEndpoint } from './parsedRequest.ts';

export interface AnsweredToolCall {
  readonly name: string;
  /** JSON text as OpenAI writes it, or the value itself as Anthropic does. */
  readonly arguments: JsonValue | undefined;
}

/** What a reply says, apart from how it ended. */
export interface AnswerParts {
  /** One for each choice. Reasoning is no part of an answer. */
  readonly texts: readonly string[];
  readonly toolCalls: readonly AnsweredToolCall[];
}

/** Reads the text and the tool calls of a whole reply. */
export function answerPartsOf(endpoint: BodyEndpoint, reply: JsonObject): AnswerParts {
  switch (endpoint) {
    case 'chat.completions':
    case 'completions':
      return partsOfChoices(arrayAt(reply, 'choices').filter(isJsonObject));
    case 'responses':
      return partsOfItems(arrayAt(reply, 'output').filter(isJsonObject));
    case 'messages':
      return partsOfBlocks(arrayAt(reply, 'content').filter(isJsonObject));
    case 'embeddings':
    case 'messages.count_tokens':
      return { texts: [], toolCalls: [] };
  }
}

function partsOfChoices(choices: readonly JsonObject[]): AnswerParts {
  const messages = choices.map((choice) => objectAt(choice, 'message') ?? choice);
  const calls = messages.flatMap((message) => [
    ...arrayAt(message, 'tool_calls')
      .filter(isJsonObject)
      .map((call) => objectAt(call, 'function')),
    objectAt(message, 'function_call'),
  ]);
  return {
    texts: messages.map((message) => stringAt(message, 'text') ?? textOf(message.content)),
    toolCalls: calls.flatMap((call) => (call === undefined ? [] : [toolCall(call, call.arguments)])),
  };
}

function partsOfItems(items: readonly JsonObject[]): AnswerParts {
  const messages = items.filter(({ type }) => type === 'message');
  const calls = items.filter(({ type }) => type === 'function_call');
  return {
    texts: messages.length === 0 ? [] : [messages.map(({ content }) => textOf(content)).join('')],
    toolCalls: calls.map((call) => toolCall(call, call.arguments)),
  };
}

function partsOfBlocks(blocks: readonly JsonObject[]): AnswerParts {
  const calls = blocks.filter(({ type }) => type === 'tool_use');
  return { texts: [textOf(blocks)], toolCalls: calls.map((call) => toolCall(call, call.input)) };
}

function toolCall(call: JsonObject, given: JsonValue | undefined): AnsweredToolCall {
  return { name: stringAt(call, 'name') ?? '', arguments: given };
}

function textOf(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isJsonObject(part) ? (stringAt(part, 'text') ?? '') : '')).join('');
}
