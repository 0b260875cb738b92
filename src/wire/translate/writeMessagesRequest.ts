import { isJsonObject, type JsonObject, parseJson } from '../json.ts';
import { takesSystemTurns, thinksAdaptively } from './claudeVersion.ts';
import type { AssistantPart, Conversation, ToolCallPart, ToolDefinition, Turn, UserPart } from './conversation.ts';
import { type Findings, present } from './fields.ts';
import { refuseOpenEnd } from './refuseOpenEnd.ts';
import { thinkingBlock } from './thinkingBlocks.ts';

export interface MessagesTarget {
  readonly model: string;
  readonly stream: boolean;
  /** What is sent where the client gives no limit, because Anthropic demands one. */
  readonly maxOutputTokens: number;
}

/** A conversation as an Anthropic message (`anthropic-version: 2023-06-01`, which still takes sampling parameters). */
export function writeMessagesRequest(
  conversation: Conversation,
  target: MessagesTarget,
  findings: Findings,
): JsonObject {
  const { turns, tools, format, stop, temperature, topP, user } = conversation;
  const opening = turns.findIndex(({ role }) => role !== 'system');
  const [system, rest] = opening < 0 ? [turns, []] : [turns.slice(0, opening), turns.slice(opening)];
  const maxTokens = conversation.maxOutputTokens ?? target.maxOutputTokens;
  if (temperature !== undefined && temperature > 1)
    findings.refuse('temperature', 'is above 1, the highest that Anthropic takes');
  refuseOpenEnd(turns, findings);
  const thinking = writeThinking(conversation, target.model, maxTokens, findings);
  const output = {
    ...thinking.output,
    ...(format === undefined ? {} : { format: { type: 'json_schema', schema: format.schema } }),
  };
  if (format?.description !== undefined) findings.drop(`${format.path}.description`);
  return present({
    model: target.model,
    max_tokens: maxTokens,
    system: writeSystem(system),
    messages: writeTurns(rest, target.model, findings),
    tools: tools.length > 0 ? tools.map(writeTool) : undefined,
    tool_choice: writeToolChoice(conversation),
    thinking: thinking.config,
    output_config: Object.keys(output).length > 0 ? output : undefined,
    stop_sequences: stop,
    temperature: unlessDefault(temperature),
    top_p: unlessDefault(topP),
    metadata: user === undefined ? undefined : { user_id: user },
    stream: target.stream ? true : undefined,
  });
}

/** 1 is what holds anyway, and newer models refuse to be told. */
function unlessDefault(value: number | undefined): number | undefined {
  return value === 1 ? undefined : value;
}

function writeSystem(turns: readonly Turn[]): string | JsonObject[] | undefined {
  const texts = turns.flatMap((turn) => (turn.role === 'system' ? turn.texts : [])).filter((text) => text !== '');
  const [only] = texts;
  if (texts.length <= 1) return only;
  return texts.map((text) => ({ type: 'text', text }));
}

interface Message {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: JsonObject[];
}

/** Tool results belong to the user's turn, in front of what is said; turns of one role are one message. */
function writeTurns(turns: readonly Turn[], model: string, findings: Findings): JsonObject[] {
  const messages: Message[] = [];
  for (const turn of turns) {
    const message = writeTurn(turn, findings);
    if (turn.role === 'system' && !takesSystemTurns(model))
      findings.refuse(turn.path, `is a system message within the conversation, which ${model} does not take`);
    const last = messages.at(-1);
    if (last?.role === message.role && message.role !== 'system') last.content.push(...message.content);
    else messages.push(message);
  }
  return messages.map(({ role, content }) => ({ role, content: plainText(content) ?? content }));
}

/** A single text is written as the string that it was. */
function plainText(content: readonly JsonObject[]): string | undefined {
  const [only] = content;
  return content.length === 1 && only?.type === 'text' && typeof only.text === 'string' ? only.text : undefined;
}

function writeTurn(turn: Turn, findings: Findings): Message {
  switch (turn.role) {
    case 'system':
      return { role: 'system', content: turn.texts.map((text) => ({ type: 'text', text })) };
    case 'user':
      return { role: 'user', content: turn.parts.flatMap((part) => writeUserPart(part, findings)) };
    case 'assistant':
      return { role: 'assistant', content: turn.parts.flatMap((part) => writeAssistantPart(part, findings)) };
    case 'tool': {
      const content = turn.parts.flatMap((part) => writeUserPart(part, findings));
      const result = present({
        type: 'tool_result',
        tool_use_id: safeId(turn.callId),
        content: content.length === 0 ? undefined : (plainText(content) ?? content),
        is_error: turn.isError,
      });
      return { role: 'user', content: [result] };
    }
  }
}

/** Anthropic takes letters, digits, `_` and `-` in the ids of calls; other providers make up others. */
function safeId(id: string): string {
  return id.replaceAll(/[^a-zA-Z0-9_-]/g, '_');
}

function writeUserPart(part: UserPart, findings: Findings): JsonObject[] {
  if (part.kind === 'text') return part.text === '' ? [] : [{ type: 'text', text: part.text }];
  const { source, path } = part;
  const written =
    source.kind === 'url'
      ? { type: 'url', url: source.url }
      : { type: 'base64', media_type: source.mediaType, data: source.data };
  if (part.kind === 'image') return [{ type: 'image', source: written }];
  const title = part.name === undefined ? {} : { title: part.name };
  if (source.kind === 'url' || source.mediaType === 'application/pdf')
    return [{ type: 'document', source: written, ...title }];
  if (source.mediaType.startsWith('text/')) {
    const data = Buffer.from(source.data, 'base64').toString('utf8');
    return [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data }, ...title }];
  }
  findings.refuse(path, `is a file of type ${source.mediaType}; only PDF and text can be sent`);
  return [];
}

function writeAssistantPart(part: AssistantPart, findings: Findings): JsonObject[] {
  if (part.kind === 'text') return part.text === '' ? [] : [{ type: 'text', text: part.text }];
  if (part.kind === 'thinking') return [thinkingBlock(part)];
  return [{ type: 'tool_use', id: safeId(part.id), name: part.name, input: inputOf(part, findings) }];
}

function inputOf({ input, path }: ToolCallPart, findings: Findings): JsonObject {
  const value = input.trim() === '' ? {} : parseJson(input);
  if (isJsonObject(value)) return value;
  findings.refuse(path, 'is no JSON object');
  return {};
}

function writeTool({ name, description, schema, strict }: ToolDefinition): JsonObject {
  return present({
    name,
    description,
    input_schema: schema ?? { type: 'object', properties: {} },
    strict: strict === true ? true : undefined,
  });
}

function writeToolChoice({ toolChoice, parallelTools, tools }: Conversation): JsonObject | undefined {
  const single = parallelTools === false ? { disable_parallel_tool_use: true } : {};
  if (toolChoice?.kind === 'none') return { type: 'none' };
  if (toolChoice?.kind === 'tool') return { type: 'tool', name: toolChoice.name, ...single };
  if (toolChoice !== undefined) return { type: toolChoice.kind, ...single };
  return parallelTools === false && tools.length > 0 ? { type: 'auto', ...single } : undefined;
}

interface Thinking {
  readonly config?: JsonObject;
  readonly output?: JsonObject;
}

const budgetOf = { minimal: 1024, low: 1024, medium: 4096, high: 16_384, xhigh: 32_768, max: 32_768 } as const;
/** The smallest that Anthropic takes. */
const minBudget = 1024;

function writeThinking(
  { effort, turns }: Conversation,
  model: string,
  maxTokens: number,
  findings: Findings,
): Thinking {
  if (effort === undefined) return {};
  const { level, path } = effort;
  if (thinksAdaptively(model)) {
    if (level === 'none') return { config: { type: 'disabled' } };
    return { config: { type: 'adaptive' }, output: { effort: level === 'minimal' ? 'low' : level } };
  }
  if (level === 'none') return {};
  const budget = Math.min(budgetOf[level], Math.floor(maxTokens * 0.8));
  if (budget >= minBudget && !lacksThinking(turns)) return { config: { type: 'enabled', budget_tokens: budget } };
  findings.drop(path);
  return {};
}

/** With a budget, Claude demands the thinking that led to the tool calls it is now given the results of. */
function lacksThinking(turns: readonly Turn[]): boolean {
  const last = turns.findLast(({ role }) => role === 'assistant');
  if (last?.role !== 'assistant') return false;
  return last.parts.some(({ kind }) => kind === 'toolCall') && last.parts[0]?.kind !== 'thinking';
}
