import { answerPartsOf } from '../wire/answerParts.ts';
import { type JsonObject, type JsonValue, parseJson } from '../wire/json.ts';
import { outputFormatOf, toolSchemasOf } from '../wire/outputFormat.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { readReply } from '../wire/replyFacts.ts';
import type { AnswerFault } from './answerFault.ts';
import { fitsSchema } from './fitsSchema.ts';

/**
 * What is wrong with an answer, as far as can be told without a judge: how the provider says it ended, and whether it is
 * the JSON and the tool arguments that were asked for. Both are in the client's dialect.
 */
export function checkAnswer(request: ParsedRequest, reply: JsonObject): readonly AnswerFault[] {
  const { finish } = readReply(request.endpoint, reply);
  const { texts, toolCalls } = answerPartsOf(request.endpoint, reply);
  // What was cut off is not valid either, and says nothing new by it.
  if (finish === 'length') return ['truncated'];
  if (finish === 'refusal') return ['refused'];
  const faults: AnswerFault[] = [];
  const isEmpty = toolCalls.length === 0 && texts.every((text) => text.trim() === '');
  if (isEmpty && (finish === 'stop' || finish === 'other')) faults.push('empty');
  const format = outputFormatOf(request.body);
  if (format !== undefined && finish === 'stop' && !isEmpty && texts.some((text) => !isJson(text, format.schema)))
    faults.push('schemaInvalid');
  const schemas = toolCalls.length === 0 ? noSchemas : toolSchemasOf(request.body);
  if (toolCalls.some((call) => !isCallable(call.arguments, schemas.get(call.name))))
    faults.push('toolArgumentsInvalid');
  return faults;
}

const noSchemas: ReadonlyMap<string, JsonObject> = new Map();

function isJson(text: string, schema: JsonObject | undefined): boolean {
  const value = parseJson(text);
  return value !== undefined && (schema === undefined || fitsSchema(value, schema) !== false);
}

/** A tool without arguments is called with an empty text by some models. */
function isCallable(given: JsonValue | undefined, schema: JsonObject | undefined): boolean {
  if (given === undefined) return true;
  const value = typeof given === 'string' ? parseJson(given === '' ? '{}' : given) : given;
  return value !== undefined && (schema === undefined || fitsSchema(value, schema) !== false);
}
