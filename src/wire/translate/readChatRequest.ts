import type { JsonObject } from '../json.ts';
import {
  type Conversation,
  type Effort,
  efforts,
  type OutputFormat,
  type ToolChoice,
  type ToolDefinition,
} from './conversation.ts';
import { Fields, type Findings } from './fields.ts';
import { readChatMessages } from './readChatMessages.ts';

/** Reads the body of a chat completion; what has no counterpart elsewhere ends up in the findings. */
export function readChatRequest(body: JsonObject, findings: Findings): Conversation {
  const fields = new Fields(body, '', findings);
  for (const key of ['model', 'stream', 'stream_options']) fields.value(key);
  const conversation = {
    turns: readChatMessages(fields.objects('messages')),
    tools: fields.objects('tools').flatMap(readTool),
    ...optional('toolChoice', readToolChoice(fields)),
    ...optional('parallelTools', fields.flag('parallel_tool_calls')),
    ...optional('format', readFormat(fields)),
    ...optional('maxOutputTokens', readMaxTokens(fields)),
    ...optional('stop', readStop(fields)),
    ...optional('temperature', fields.number('temperature')),
    ...optional('topP', fields.number('top_p')),
    ...optional('effort', readEffort(fields, 'reasoning_effort')),
    ...optional('user', fields.text('user') ?? fields.text('safety_identifier')),
  };
  leaveOut(fields);
  fields.end();
  return conversation;
}

/** What changes nothing about the answer, and what would. */
function leaveOut(fields: Fields): void {
  for (const [key, ...neutral] of [
    ['n', 1],
    ['frequency_penalty', 0],
    ['presence_penalty', 0],
    ['logprobs', false],
    ['top_logprobs', 0],
    ['store', false],
    ['service_tier', 'auto', 'default'],
  ] as const)
    fields.ignore(key, ...neutral);
  const modalities = fields.value('modalities');
  if (Array.isArray(modalities) && modalities.some((modality) => modality !== 'text')) fields.refuse('modalities');
  const bias = fields.json('logit_bias');
  if (bias !== undefined && Object.keys(bias).length > 0) fields.refuse('logit_bias');
  fields.drop('seed', 'store', 'metadata', 'service_tier', 'prediction', 'verbosity', 'safety_identifier');
  fields.drop('prompt_cache_key', 'prompt_cache_retention', 'prompt_cache_options');
}

function readMaxTokens(fields: Fields): number | undefined {
  const newer = fields.number('max_completion_tokens');
  const older = fields.number('max_tokens');
  if (newer !== undefined && older !== undefined && newer !== older)
    fields.refuse('max_tokens', 'says something else than max_completion_tokens');
  return newer ?? older;
}

function readStop(fields: Fields): readonly string[] | undefined {
  const stop = fields.value('stop');
  if (stop === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(stop) ? stop : [stop];
  const texts = list.filter((item) => typeof item === 'string');
  if (texts.length < list.length) fields.refuse('stop', 'is neither a string nor a list of strings');
  return texts.length > 0 ? texts : undefined;
}

export function readEffort(fields: Fields, key: string): Conversation['effort'] {
  const word = fields.text(key);
  if (word === undefined) return undefined;
  const level = efforts.find((effort: Effort) => effort === word);
  if (level !== undefined) return { level, path: fields.at(key) };
  fields.refuse(key, 'is no effort that is known');
  return undefined;
}

function readTool(tool: Fields): ToolDefinition[] {
  const type = tool.text('type');
  const definition = tool.object('function');
  if (type !== 'function' || definition === undefined) {
    tool.refuse('type', 'is a kind of tool that only its provider knows');
    return [];
  }
  tool.end();
  return [readFunction(definition)];
}

/** `name`, `description`, `parameters`, `strict`: what chat completions nest and Responses do not. */
export function readFunction(definition: Fields): ToolDefinition {
  const tool = {
    name: definition.text('name') ?? '',
    ...optional('description', definition.text('description')),
    ...optional('schema', definition.json('parameters')),
    ...optional('strict', definition.flag('strict')),
  };
  definition.end();
  return tool;
}

function readToolChoice(fields: Fields): ToolChoice | undefined {
  const word = fields.value('tool_choice');
  if (word === undefined || typeof word === 'string') return namedChoice(fields, word);
  const choice = fields.object('tool_choice');
  const called = choice?.text('type') === 'function' ? choice.object('function') : undefined;
  const name = called?.text('name');
  if (name !== undefined) {
    called?.end();
    choice?.end();
    return { kind: 'tool', name };
  }
  fields.refuse('tool_choice', 'chooses in a way that has no counterpart there');
  return undefined;
}

/** The words that both OpenAI endpoints use. */
export function namedChoice(fields: Fields, word: string | undefined): ToolChoice | undefined {
  if (word === undefined) return undefined;
  if (word === 'auto' || word === 'none') return { kind: word };
  if (word === 'required') return { kind: 'any' };
  fields.refuse('tool_choice', 'is no choice that is known');
  return undefined;
}

function readFormat(fields: Fields): OutputFormat | undefined {
  const format = fields.object('response_format');
  const type = format?.text('type');
  if (format === undefined || type === 'text') return undefined;
  const definition = type === 'json_schema' ? format.object('json_schema') : undefined;
  format.end();
  if (definition !== undefined) return readSchema(definition);
  fields.refuse('response_format', 'asks for JSON without a schema, which has no counterpart there; use json_schema');
  return undefined;
}

export function readSchema(definition: Fields): OutputFormat | undefined {
  // What is asked for without `strict` is given with it: the guarantee is stronger, the text the same.
  definition.value('strict');
  const name = definition.text('name');
  const description = definition.text('description');
  const schema = definition.json('schema');
  definition.end();
  if (schema !== undefined)
    return { schema, path: definition.path, ...optional('name', name), ...optional('description', description) };
  definition.refuse('schema', 'is missing');
  return undefined;
}

/** `{ [key]: value }`, or nothing: optional members may not be undefined. */
export function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  // A computed key widens to an index signature, so that the compiler cannot see the one member.
  const object: { [K in Key]?: Value } = {};
  if (value !== undefined) object[key] = value;
  return object;
}
