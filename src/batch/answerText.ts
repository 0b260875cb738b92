import { arrayAt, isJsonObject, type JsonObject, objectAt, stringAt } from '../wire/json.ts';

/**
 * What an answer to a prompt file says, as text: its content, else its refusal, else its tool calls as JSON. Such answers
 * are chat completions or Anthropic messages; others come from request sets, and are kept whole.
 */
export function answerText(body: JsonObject): string {
  if (body.type === 'message') return messageText(body);
  const choice = arrayAt(body, 'choices').find(isJsonObject);
  const message = objectAt(choice, 'message');
  const content = stringAt(message, 'content') ?? partsText(message);
  if (content !== '') return content;
  const refusal = stringAt(message, 'refusal');
  if (refusal !== undefined) return refusal;
  const calls = arrayAt(message, 'tool_calls');
  return calls.length === 0 ? '' : JSON.stringify(calls, undefined, 2);
}

function messageText(body: JsonObject): string {
  const blocks = arrayAt(body, 'content').filter(isJsonObject);
  const text = blocks.map((block) => (block.type === 'text' ? (stringAt(block, 'text') ?? '') : '')).join('');
  if (text !== '') return text;
  const calls = blocks.filter(({ type }) => type === 'tool_use' || type === 'server_tool_use');
  return calls.length === 0 ? '' : JSON.stringify(calls, undefined, 2);
}

function partsText(message: JsonObject | undefined): string {
  return arrayAt(message, 'content')
    .filter(isJsonObject)
    .map((part) => stringAt(part, 'text') ?? '')
    .join('');
}
