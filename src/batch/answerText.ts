import { arrayAt, isJsonObject, type JsonObject, objectAt, stringAt } from '../wire/json.ts';

/**
 * What a chat completion says, as text: its content, else its refusal, else its tool calls as JSON. Batches of prompt
 * files are chat completions; other endpoints come from request sets, whose answers are kept whole.
 */
export function answerText(body: JsonObject): string {
  const choice = arrayAt(body, 'choices').find(isJsonObject);
  const message = objectAt(choice, 'message');
  const content = stringAt(message, 'content') ?? partsText(message);
  if (content !== '') return content;
  const refusal = stringAt(message, 'refusal');
  if (refusal !== undefined) return refusal;
  const calls = arrayAt(message, 'tool_calls');
  return calls.length === 0 ? '' : JSON.stringify(calls, undefined, 2);
}

function partsText(message: JsonObject | undefined): string {
  return arrayAt(message, 'content')
    .filter(isJsonObject)
    .map((part) => stringAt(part, 'text') ?? '')
    .join('');
}
