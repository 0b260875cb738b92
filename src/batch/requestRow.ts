import {
  arrayAt,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  numberAt,
  objectAt,
  parseJson,
  stringAt,
} from '../wire/json.ts';
import { type ImagePart, imagePartOf, type ToolDefinitions, toolsIn } from '../wire/promptParts.ts';
import { refusals } from './errors.ts';
import { type Refusal, refused } from './promptFile.ts';

/** Endpoints of OpenAI's Batch API whose answers Tollgate can price (openai-node 7.57 `BatchCreateParams.endpoint`). */
export const openAiEndpoints = ['/v1/chat/completions', '/v1/responses', '/v1/embeddings', '/v1/completions'] as const;
/** What requests of Anthropic's Message Batches are. */
export const messagesEndpoint = '/v1/messages';
export const batchEndpoints = [...openAiEndpoints, messagesEndpoint] as const;
export type BatchEndpoint = (typeof batchEndpoints)[number];

/** One line of an OpenAI batch `.jsonl`, or one request of an Anthropic message batch. */
export interface RequestRow {
  readonly kind: 'row';
  readonly customId: string;
  readonly endpoint: BatchEndpoint;
  /** Undefined = the body names none. */
  readonly model: string | undefined;
  readonly body: JsonObject;
}

/** Reads one line; the reason of a refusal is without its line number. Never throws. */
export function parseRequestRow(line: string): RequestRow | Refusal {
  const value = parseJson(line);
  if (!isJsonObject(value)) return refused(refusals.rowNotJson());
  return readRequestRow(value);
}

/** As `parseRequestRow`, for a request that has been read already. */
export function readRequestRow(value: JsonObject): RequestRow | Refusal {
  if ('params' in value && !('body' in value)) return readMessageRow(value);
  if (!('method' in value) && !('url' in value)) return refused(refusals.rowNotARequest());
  const customId = stringAt(value, 'custom_id');
  if (customId === undefined || customId === '') return refused(refusals.rowNoId());
  if (value.method !== 'POST') return refused(refusals.rowMethod());
  const endpoint = openAiEndpoints.find((known) => known === value.url);
  if (endpoint === undefined) return refused(refusals.rowUrl(openAiEndpoints));
  const body = objectAt(value, 'body');
  if (body === undefined) return refused(refusals.rowBody());
  if (body.stream === true) return refused(refusals.rowStream());
  const { model } = body;
  if (model !== undefined && typeof model !== 'string') return refused(refusals.rowModel('body'));
  return { kind: 'row', customId, endpoint, model: model === '' ? undefined : model, body };
}

/**
 * Anthropic looks at the parameters of a batch only when it runs it: what it is known to refuse is refused here
 * (`stream`, `speed` and `max_tokens: 0` are not taken in a batch, anthropic-sdk 1.12 `BatchCreateParams.Request`).
 */
function readMessageRow(value: JsonObject): RequestRow | Refusal {
  const customId = stringAt(value, 'custom_id');
  if (customId === undefined || customId === '') return refused(refusals.rowNoId());
  const body = objectAt(value, 'params');
  if (body === undefined) return refused(refusals.rowParams());
  if (body.stream === true) return refused(refusals.rowStream());
  if (body.speed !== undefined && body.speed !== null) return refused(refusals.rowSpeed());
  if (!(Number.isSafeInteger(body.max_tokens) && Number(body.max_tokens) > 0)) return refused(refusals.rowMaxTokens());
  if (arrayAt(body, 'messages').length === 0) return refused(refusals.rowMessages());
  const { model } = body;
  if (model !== undefined && typeof model !== 'string') return refused(refusals.rowModel('params'));
  return { kind: 'row', customId, endpoint: messagesEndpoint, model: model === '' ? undefined : model, body };
}

/** Bound on the answer that the request itself sets. */
export function maxOutputTokensOf(body: JsonObject): number | undefined {
  return numberAt(body, 'max_completion_tokens') ?? numberAt(body, 'max_output_tokens') ?? numberAt(body, 'max_tokens');
}

/** Answers that a request asks for: each may be as long as its bound. */
export function answersOf(body: JsonObject): number {
  const n = numberAt(body, 'n') ?? 1;
  return Number.isSafeInteger(n) && n > 1 ? n : 1;
}

/** Number of inputs of an embeddings request: a batch has a limit on their sum. */
export function embeddingInputsOf(body: JsonObject): number {
  const { input } = body;
  return Array.isArray(input) && typeof input[0] !== 'number' ? input.length : 1;
}

/** Input beside the messages and tools; providers write it into the prompt in a form of their own. */
const definitions = ['response_format', 'text'] as const;

/** messages → message → content → part → text, and a level to spare. */
const maxContentDepth = 6;

/** What of a request is counted as input. */
export interface RequestInput {
  readonly texts: readonly string[];
  readonly images: readonly ImagePart[];
  readonly tools: ToolDefinitions;
  /** The texts are all of it: no images, audio, tool definitions and references to stored things. */
  readonly whole: boolean;
}

export function inputOf(body: JsonObject): RequestInput {
  const tools = toolsIn(body);
  const texts: string[] = [...tools.texts];
  const images: ImagePart[] = [];
  let whole = tools.shapes.length === 0 && !['previous_response_id', 'conversation'].some((key) => key in body);
  for (const key of definitions) {
    if (body[key] === undefined) continue;
    texts.push(JSON.stringify(body[key]));
    whole = false;
  }
  const walk = (value: JsonValue | undefined, depth: number): void => {
    if (typeof value === 'string') texts.push(value);
    else if (depth > maxContentDepth) whole = false;
    else if (Array.isArray(value)) for (const part of value) walk(part, depth + 1);
    else if (isJsonObject(value)) walkObject(value, depth);
    else if (value !== undefined && value !== null) whole = false;
  };
  const walkObject = (value: JsonObject, depth: number): void => {
    const image = imagePartOf(value);
    if (image !== undefined) images.push(image);
    const inner = value.content ?? value.text ?? value.output ?? value.arguments;
    if (inner === undefined || 'tool_calls' in value || 'name' in value) whole = false;
    if (inner !== undefined) walk(inner, depth + 1);
  };
  for (const key of ['instructions', 'system', 'messages', 'input', 'prompt']) walk(body[key], 0);
  return { texts, images, tools, whole };
}
