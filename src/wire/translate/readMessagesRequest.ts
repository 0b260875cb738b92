import type { JsonObject } from '../json.ts';
import {
  type Conversation,
  type Effort,
  efforts,
  type OutputFormat,
  type ToolChoice,
  type ToolDefinition,
  type Turn,
} from './conversation.ts';
import { Fields, type Findings } from './fields.ts';
import { optional } from './readChatRequest.ts';
import { readMessageTurns, readSystem } from './readMessageTurns.ts';

/** Reads the body of an Anthropic message; what has no counterpart elsewhere ends up in the findings. */
export function readMessagesRequest(body: JsonObject, findings: Findings): Conversation {
  const fields = new Fields(body, '', findings);
  for (const key of ['model', 'stream']) fields.value(key);
  const output = fields.object('output_config');
  const system = readSystem(fields);
  const opening: Turn[] = system.length === 0 ? [] : [{ role: 'system', path: 'system', texts: system }];
  const conversation = {
    turns: [...opening, ...readMessageTurns(fields.objects('messages'))],
    tools: fields.objects('tools').flatMap(readTool),
    ...readToolChoice(fields),
    ...optional('format', readFormat(output, 'format') ?? readFormat(fields, 'output_format')),
    ...optional('maxOutputTokens', readMaxTokens(fields)),
    ...optional('stop', readStop(fields)),
    ...optional('temperature', fields.number('temperature')),
    ...optional('topP', fields.number('top_p')),
    ...optional('effort', readEffort(fields, output)),
  };
  // Claude Code puts an account and a session in it, which are not another provider's business.
  fields.drop('metadata', 'cache_control', 'diagnostics');
  if (!fields.ignore('service_tier', 'auto', 'standard_only')) fields.drop('service_tier');
  if (!fields.ignore('speed', 'standard')) fields.drop('speed');
  output?.end();
  fields.end();
  return conversation;
}

function readMaxTokens(fields: Fields): number | undefined {
  const tokens = fields.number('max_tokens');
  if (tokens === 0) fields.refuse('max_tokens', 'is 0, which only warms the prompt cache of Anthropic');
  return tokens;
}

function readStop(fields: Fields): readonly string[] | undefined {
  const stop = fields.value('stop_sequences');
  if (!Array.isArray(stop) || stop.length === 0) return undefined;
  return stop.filter((item) => typeof item === 'string');
}

const clientTool = 'custom';

function readTool(tool: Fields): ToolDefinition[] {
  if (!tool.ignore('type', clientTool)) {
    tool.refuse('type', 'is a tool that only Anthropic runs or knows');
    return [];
  }
  const definition = {
    name: tool.text('name') ?? '',
    ...optional('description', tool.text('description')),
    ...optional('schema', tool.json('input_schema')),
    ...optional('strict', tool.flag('strict')),
  };
  tool.drop('cache_control', 'eager_input_streaming', 'input_examples', 'allowed_callers');
  if (!tool.ignore('defer_loading', false)) tool.drop('defer_loading');
  tool.end();
  return [definition];
}

function readToolChoice(fields: Fields): { toolChoice?: ToolChoice; parallelTools?: boolean } {
  const choice = fields.object('tool_choice');
  if (choice === undefined) return {};
  const type = choice.text('type');
  const name = choice.text('name');
  const single = choice.flag('disable_parallel_tool_use');
  choice.end();
  const parallel = single === undefined ? {} : { parallelTools: !single };
  if (type === 'auto' || type === 'none' || type === 'any') return { toolChoice: { kind: type }, ...parallel };
  if (type === 'tool' && name !== undefined) return { toolChoice: { kind: 'tool', name }, ...parallel };
  choice.refuse('type', 'is no choice that is known');
  return {};
}

function readFormat(fields: Fields | undefined, key: string): OutputFormat | undefined {
  const format = fields?.object(key);
  if (format === undefined) return undefined;
  const type = format.text('type');
  const schema = format.json('schema');
  format.end();
  if (type === 'json_schema' && schema !== undefined) return { schema, path: format.path };
  format.refuse('type', 'is no format that is known');
  return undefined;
}

/** Up to how many tokens of thinking each effort stands for. */
const budgets: readonly (readonly [tokens: number, effort: Effort])[] = [
  [2048, 'low'],
  [8192, 'medium'],
  [Number.POSITIVE_INFINITY, 'high'],
];

function readEffort(fields: Fields, output: Fields | undefined): Conversation['effort'] {
  const thinking = fields.object('thinking');
  const type = thinking?.text('type');
  const budget = thinking?.number('budget_tokens');
  thinking?.value('display');
  thinking?.end();
  const word = output?.text('effort');
  const level = efforts.find((effort) => effort === word);
  if (output !== undefined && word !== undefined && level === undefined)
    output.refuse('effort', 'is no effort that is known');
  if (output !== undefined && level !== undefined) return { level, path: output.at('effort') };
  if (type === 'enabled' && budget !== undefined)
    return { level: budgets.find(([tokens]) => budget <= tokens)?.[1] ?? 'high', path: 'thinking' };
  // Elsewhere the model decides for itself unless an effort is asked for: nothing can be said about `disabled`.
  if (thinking !== undefined && type !== 'adaptive') fields.drop('thinking');
  return undefined;
}
