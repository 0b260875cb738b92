import { hash } from 'node:crypto';
import { arrayAt, isJsonObject, type JsonObject, type JsonValue, objectAt, stringAt } from '../../wire/json.ts';
import type { ParsedRequest } from '../../wire/parsedRequest.ts';
import { demoValue } from './demoValue.ts';

const sentences = [
  'A real model would answer here.',
  'Nothing left this machine and nothing is billed.',
  'The tokens are counted from your prompt and from this text, by the same tokenizer as everywhere in Tollgate.',
  'Give the provider its real base URL in tollgate.jsonc to get a real answer.',
];

const quotedCharacters = 80;

/**
 * What the demo provider answers: the same words for the same request, and labelled as not a model's. Where JSON is asked
 * for, a value of the asked shape.
 */
export function demoText(request: ParsedRequest): string {
  const format = formatOf(request);
  if (format !== undefined) return JSON.stringify(demoValue(format));
  const question = lastText(request).replaceAll(/\s+/g, ' ').trim();
  const shown = question.length > quotedCharacters ? `${question.slice(0, quotedCharacters)}…` : question;
  const seed = Number.parseInt(hash('sha256', question, 'hex').slice(0, 8), 16);
  const said = sentences.map((_, place) => sentences[(seed + place) % sentences.length]).slice(0, 1 + (seed % 3));
  return [`[demo] You wrote: “${shown}”.`, ...said].join(' ');
}

/** The JSON schema of the answer, where one is asked for; `{}` for any JSON. */
function formatOf({ body }: ParsedRequest): JsonObject | undefined {
  const format =
    objectAt(body, 'response_format') ??
    objectAt(objectAt(body, 'text'), 'format') ??
    objectAt(objectAt(body, 'output_config'), 'format') ??
    objectAt(body, 'output_format');
  if (stringAt(format, 'type') === 'json_object') return {};
  if (stringAt(format, 'type') !== 'json_schema') return undefined;
  return objectAt(format, 'schema') ?? objectAt(objectAt(format, 'json_schema'), 'schema') ?? {};
}

/** The last thing the user wrote. */
function lastText({ body }: ParsedRequest): string {
  const messages = [...arrayAt(body, 'messages'), ...arrayAt(body, 'input')].filter(isJsonObject);
  const last = messages.findLast((message) => stringAt(message, 'role') === 'user');
  return textIn(last?.content) || textIn(body.input) || textIn(body.prompt);
}

function textIn(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textIn).join(' ');
  return isJsonObject(value) ? (stringAt(value, 'text') ?? '') : '';
}
