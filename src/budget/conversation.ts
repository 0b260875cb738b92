import { arrayAt, isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';

/** Messages that only make sense together: a call of tools with all its results. */
export interface MessageGroup {
  /** Indexes into the messages, in order. */
  readonly messages: readonly number[];
  /** System or developer prompt, or what the client wants kept: never dropped. */
  readonly pinned: boolean;
  /** The client wants it kept, and with it the instruction it belongs to. */
  readonly anchored?: boolean;
  /** Begins a turn: a message of the user that answers no tool call. */
  readonly startsTurn: boolean;
  /** Says something of the user's own, be it beside tool results. */
  readonly instructs: boolean;
}

/** Groups the messages of OpenAI chat completions or Anthropic messages; both shapes are told by their content. */
export function groupMessages(messages: readonly JsonValue[]): MessageGroup[] {
  const groups: MessageGroup[] = [];
  let index = 0;
  while (index < messages.length) {
    const message = objectOf(messages[index]);
    const length = callsTools(message) ? 1 + resultsAfter(messages, index) : 1;
    const members = Array.from({ length }, (_, offset) => index + offset);
    groups.push({
      messages: members,
      pinned: message.role === 'system' || message.role === 'developer',
      startsTurn: length === 1 && message.role === 'user' && !hasToolResult(message),
      instructs: members.some((member) => isInstruction(objectOf(messages[member]))),
    });
    index += length;
  }
  return groups;
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function callsTools(message: JsonObject): boolean {
  if (message.role !== 'assistant') return false;
  if (arrayAt(message, 'tool_calls').length > 0 || isJsonObject(message.function_call)) return true;
  return blocksOf(message).some((block) => block.type === 'tool_use');
}

/** Messages right after a call that carry its results. */
function resultsAfter(messages: readonly JsonValue[], call: number): number {
  let count = 0;
  for (let index = call + 1; index < messages.length; index++) {
    const message = objectOf(messages[index]);
    if (message.role !== 'tool' && message.role !== 'function' && !hasToolResult(message)) break;
    count++;
  }
  return count;
}

function hasToolResult(message: JsonObject): boolean {
  return message.role === 'user' && blocksOf(message).some((block) => block.type === 'tool_result');
}

function isInstruction(message: JsonObject): boolean {
  if (message.role !== 'user') return false;
  if (typeof message.content === 'string') return true;
  return blocksOf(message).some((block) => block.type !== 'tool_result');
}

function blocksOf(message: JsonObject): JsonObject[] {
  return arrayAt(message, 'content').filter(isJsonObject);
}
