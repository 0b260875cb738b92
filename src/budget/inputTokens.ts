import type { CatalogModel, TokenizerFamily } from '../catalog/catalog.ts';
import { overheadTokens } from '../tokens/overheads.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { type ImagePart, imagePartOf, type ToolDefinitions } from '../wire/promptParts.ts';

/** What decides how a prompt is counted; undefined where the model is not known. */
export type CountedModel = Pick<CatalogModel, 'id' | 'tokenizer'>;

/** A request's prompt in countable pieces. */
export interface InputTokens {
  /** Tokens of each message, or item of a Responses input; empty where the prompt is one text. */
  readonly messages: readonly number[];
  /** Everything else that the model reads: system prompt beside the messages, tools, schema. */
  readonly fixed: number;
  readonly total: number;
}

/** Role and separators around each message; OpenAI's chat format has three to four, Anthropic's two. */
export const tokensPerMessage = 4;
/** Base64 of a document or of sound: a generous guess, since nobody counts those by their characters. */
const bytesPerBinaryToken = 8;

const fixedFields = [
  'system',
  'instructions',
  'input',
  'prompt',
  'tools',
  'functions',
  'response_format',
  'text',
] as const;

/** Messages of a conversation, or the items of a Responses input. */
export function messagesOf({ body }: ParsedRequest): readonly JsonValue[] {
  const list = body.messages ?? body.input;
  return Array.isArray(list) ? list : [];
}

/** What the model reads beside the messages: system prompt, tools, schema, or the prompt itself where it is one text. */
export function fixedParts({ body }: ParsedRequest): JsonValue[] {
  const isList = Array.isArray(body.input) && body.messages === undefined;
  return fixedFields.flatMap((field) => {
    const value = body[field];
    return value === undefined || (isList && field === 'input') ? [] : [value];
  });
}

/** What a provider writes around tools, beside the text of their definitions. */
export function toolTokens({ shapes, forced }: ToolDefinitions, tokenizer: TokenizerFamily | undefined): number {
  if (shapes.length === 0) return 0;
  const shape = { messages: 1, forcedTool: forced };
  const withTools = overheadTokens(tokenizer, { ...shape, tools: shapes });
  return withTools.tokens - overheadTokens(tokenizer, shape).tokens;
}

/** Anthropic's system prompt for tools is the longest; its 53 a tool are fewer than the bytes of a definition. */
export function mostToolTokens(tools: ToolDefinitions): number {
  return toolTokens(tools, 'claude-3');
}

/** What is counted of a message. */
export interface Pieces {
  readonly texts: string[];
  readonly images: ImagePart[];
  /** Tokens of what is not text. */
  extra: number;
}

/** The texts, images and other data of a message, or of a field that the model reads. Runs for every message of every call. */
export function piecesOf(value: JsonValue): Pieces {
  const pieces: Pieces = { texts: [], images: [], extra: 0 };
  collect(value, pieces);
  return pieces;
}

function collect(item: JsonValue | undefined, pieces: Pieces): void {
  if (typeof item === 'string') {
    if (isBinary(item)) pieces.extra += Math.ceil(item.length / bytesPerBinaryToken);
    else if (item !== '') pieces.texts.push(item);
  } else if (Array.isArray(item)) {
    for (const one of item) collect(one, pieces);
  } else if (isJsonObject(item)) collectObject(item, pieces);
}

function collectObject(object: JsonObject, pieces: Pieces): void {
  const { type } = object;
  const image = type === undefined ? undefined : imagePartOf(object);
  if (image !== undefined) {
    pieces.images.push(image);
    return;
  }
  // A schema is read by the model as text, keys and braces included.
  if (type === 'function' || isJsonObject(object.input_schema) || isJsonObject(object.json_schema)) {
    pieces.texts.push(JSON.stringify(object));
    return;
  }
  for (const key of Object.keys(object)) if (!unread.has(key)) collect(object[key], pieces);
}

/** Names and marks of the format, which its overhead stands for. */
const unread = new Set(['role', 'type', 'id', 'tool_call_id', 'tool_use_id', 'call_id', 'cache_control']);

function isBinary(text: string): boolean {
  return text.startsWith('data:') || (text.length > 2000 && !/\s/.test(text.slice(0, 2000)));
}
