import { createHash } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import type { AssistantPart, Conversation, OutputFormat, ToolDefinition, Turn, UserPart } from './conversation.ts';
import { dataUrlOf } from './dataUrl.ts';
import { type Findings, present } from './fields.ts';
import { isStrictSchema } from './isStrictSchema.ts';
import { refuseOpenEnd } from './refuseOpenEnd.ts';

/** How providers of the OpenAI dialect differ in it. */
export interface ChatTarget {
  readonly model: string;
  readonly stream: boolean;
  /** OpenAI's newer name, without which its reasoning models refuse; most others know only the older one. */
  readonly maxTokensField: 'max_completion_tokens' | 'max_tokens';
  /** Mistral takes ids of nine letters and digits only. */
  readonly nineCharacterIds: boolean;
  /** `user`, which most take and Mistral refuses. */
  readonly takesUser: boolean;
}

/** A conversation as a chat completion. */
export function writeChatRequest(conversation: Conversation, target: ChatTarget, findings: Findings): JsonObject {
  const { tools, format, stop, temperature, topP, effort, parallelTools, user } = conversation;
  const idOf = target.nineCharacterIds ? nineCharacters : shortened;
  refuseOpenEnd(conversation.turns, findings);
  if (user !== undefined && !target.takesUser) findings.drop('user');
  return present({
    model: target.model,
    messages: conversation.turns.flatMap((turn) => writeTurn(turn, idOf, findings)),
    tools: tools.length > 0 ? tools.map(writeTool) : undefined,
    tool_choice: writeToolChoice(conversation),
    parallel_tool_calls: tools.length > 0 && parallelTools === false ? false : undefined,
    response_format: format && writeFormat(format, findings),
    [target.maxTokensField]: conversation.maxOutputTokens,
    stop,
    temperature,
    top_p: topP,
    reasoning_effort: effort?.level,
    user: target.takesUser ? user : undefined,
    stream: target.stream ? true : undefined,
  });
}

type IdOf = (id: string) => string;

/** OpenAI's limit. */
const longestId = 40;

function shortened(id: string): string {
  return id.length > longestId ? createHash('sha256').update(id).digest('hex').slice(0, longestId) : id;
}

function nineCharacters(id: string): string {
  return /^[a-zA-Z0-9]{9}$/.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 9);
}

function writeTurn(turn: Turn, idOf: IdOf, findings: Findings): JsonObject[] {
  switch (turn.role) {
    case 'system':
      return [{ role: 'system', content: textsOrString(turn.texts) }];
    case 'user': {
      const content = turn.parts.flatMap((part) => writeUserPart(part, findings));
      return [{ role: 'user', content: singleText(content) ?? content }];
    }
    case 'tool': {
      if (turn.isError === true) findings.drop(`${turn.path}.is_error`);
      const texts = turn.parts.flatMap((part) => {
        if (part.kind === 'text') return [part.text];
        findings.refuse(part.path, 'is in a tool result, and chat completions take only text there');
        return [];
      });
      return [{ role: 'tool', tool_call_id: idOf(turn.callId), content: textsOrString(texts) }];
    }
    case 'assistant':
      return [writeAssistant(turn.parts, turn.path, idOf, findings)];
  }
}

function textsOrString(texts: readonly string[]): string | JsonObject[] {
  const [only = ''] = texts;
  return texts.length <= 1 ? only : texts.map((text) => ({ type: 'text', text }));
}

function singleText(content: readonly JsonObject[]): string | undefined {
  const [only] = content;
  if (content.length === 0) return '';
  return content.length === 1 && typeof only?.text === 'string' ? only.text : undefined;
}

function writeUserPart(part: UserPart, findings: Findings): JsonObject[] {
  if (part.kind === 'text') return [{ type: 'text', text: part.text }];
  const { source } = part;
  if (part.kind === 'image')
    return [{ type: 'image_url', image_url: { url: source.kind === 'url' ? source.url : dataUrlOf(source) } }];
  if (source.kind === 'url') {
    findings.refuse(part.path, 'is a document by its address, which chat completions cannot take');
    return [];
  }
  if (source.mediaType.startsWith('text/')) {
    if (part.name !== undefined) findings.drop(`${part.path}.title`);
    return [{ type: 'text', text: Buffer.from(source.data, 'base64').toString('utf8') }];
  }
  return [{ type: 'file', file: { filename: part.name ?? 'document.pdf', file_data: dataUrlOf(source) } }];
}

function writeAssistant(parts: readonly AssistantPart[], path: string, idOf: IdOf, findings: Findings): JsonObject {
  const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  const calls = parts.flatMap((part) => {
    if (part.kind === 'thinking') findings.drop(`${path}.thinking`);
    if (part.kind !== 'toolCall') return [];
    return [{ id: idOf(part.id), type: 'function', function: { name: part.name, arguments: part.input } }];
  });
  return present({
    role: 'assistant',
    content: texts.length === 0 && calls.length > 0 ? null : textsOrString(texts),
    tool_calls: calls.length > 0 ? calls : undefined,
  });
}

function writeTool({ name, description, schema, strict }: ToolDefinition): JsonObject {
  return {
    type: 'function',
    function: present({ name, description, parameters: schema, strict: strict === true ? true : undefined }),
  };
}

function writeToolChoice({ toolChoice }: Conversation): JsonObject | string | undefined {
  if (toolChoice?.kind === 'tool') return { type: 'function', function: { name: toolChoice.name } };
  return toolChoice?.kind === 'any' ? 'required' : toolChoice?.kind;
}

function writeFormat({ schema, name, description, path }: OutputFormat, findings: Findings): JsonObject {
  const strict = isStrictSchema(schema);
  // OpenAI cannot hold a model to every schema that Anthropic can.
  if (!strict) findings.drop(`${path}.strict`);
  return {
    type: 'json_schema',
    json_schema: present({ name: name ?? 'answer', description, schema, strict }),
  };
}
