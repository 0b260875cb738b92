import type { JsonObject } from '../json.ts';
import type { Conversation, OutputFormat, ToolChoice, ToolDefinition, Turn } from './conversation.ts';
import { Fields, type Findings } from './fields.ts';
import { namedChoice, optional, readEffort, readFunction, readSchema } from './readChatRequest.ts';
import { readResponseItems } from './readResponseItems.ts';

/** Reads the body of an OpenAI response; what has no counterpart elsewhere ends up in the findings. */
export function readResponsesRequest(body: JsonObject, findings: Findings): Conversation {
  const fields = new Fields(body, '', findings);
  for (const key of ['model', 'stream', 'stream_options']) fields.value(key);
  const instructions = fields.text('instructions');
  const opening: Turn[] =
    instructions === undefined ? [] : [{ role: 'system', path: 'instructions', texts: [instructions] }];
  const reasoning = fields.object('reasoning');
  const text = fields.object('text');
  const conversation = {
    turns: [...opening, ...readInput(fields)],
    tools: fields.objects('tools').flatMap(readTool),
    ...optional('toolChoice', readToolChoice(fields)),
    ...optional('parallelTools', fields.flag('parallel_tool_calls')),
    ...optional('format', readFormat(text)),
    ...optional('maxOutputTokens', fields.number('max_output_tokens')),
    ...optional('temperature', fields.number('temperature')),
    ...optional('topP', fields.number('top_p')),
    ...optional('effort', reasoning && readEffort(reasoning, 'effort')),
    ...optional('user', fields.text('user') ?? fields.text('safety_identifier')),
  };
  reasoning?.drop('generate_summary');
  // What reasoning there is comes as a summary, asked for or not.
  reasoning?.value('summary');
  reasoning?.end();
  text?.drop('verbosity');
  text?.end();
  leaveOut(fields);
  fields.end();
  return conversation;
}

function leaveOut(fields: Fields): void {
  for (const [key, ...neutral] of [
    ['truncation', 'disabled'],
    ['background', false],
    ['top_logprobs', 0],
    ['service_tier', 'auto', 'default'],
    ['store', false],
  ] as const)
    fields.ignore(key, ...neutral);
  const include = fields.value('include');
  if (Array.isArray(include) && include.some((item) => item !== 'reasoning.encrypted_content')) fields.drop('include');
  fields.drop('store', 'service_tier', 'metadata', 'safety_identifier', 'max_tool_calls');
  fields.drop('prompt_cache_key', 'prompt_cache_retention', 'prompt_cache_options');
}

function readInput(fields: Fields): Turn[] {
  const input = fields.value('input');
  if (typeof input === 'string') return [{ role: 'user', path: 'input', parts: [{ kind: 'text', text: input }] }];
  return readResponseItems(fields.objects('input'), fields.findings);
}

function readTool(tool: Fields): ToolDefinition[] {
  if (tool.text('type') === 'function') return [readFunction(tool)];
  tool.refuse('type', 'is a kind of tool that only its provider knows');
  return [];
}

function readToolChoice(fields: Fields): ToolChoice | undefined {
  const word = fields.value('tool_choice');
  if (word === undefined || typeof word === 'string') return namedChoice(fields, word);
  const choice = fields.object('tool_choice');
  const name = choice?.text('type') === 'function' ? choice.text('name') : undefined;
  if (name !== undefined) {
    choice?.end();
    return { kind: 'tool', name };
  }
  fields.refuse('tool_choice', 'chooses in a way that has no counterpart there');
  return undefined;
}

function readFormat(text: Fields | undefined): OutputFormat | undefined {
  const format = text?.object('format');
  const type = format?.text('type');
  if (format === undefined || type === 'text') return undefined;
  if (type === 'json_schema') return readSchema(format);
  text?.refuse('format', 'asks for JSON without a schema, which has no counterpart there; use json_schema');
  return undefined;
}
