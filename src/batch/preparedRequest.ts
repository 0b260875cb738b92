import type { JsonObject, JsonValue } from '../wire/json.ts';
import { translateRequest } from '../wire/translate/translateRequest.ts';
import { endpointsOf } from './batchApi.ts';
import { refusals } from './errors.ts';
import type { ResultKind } from './jobRecord.ts';
import { type PromptRequest, type Refusal, refused } from './promptFile.ts';
import { answersOf, type BatchEndpoint, maxOutputTokensOf, messagesEndpoint, type RequestRow } from './requestRow.ts';
import type { BatchTarget } from './resolveTarget.ts';

/** A request with its target: what one line of a batch will ask. */
export interface PreparedRequest {
  readonly promptPath: string;
  readonly wishedId: string;
  readonly sourceId: string | undefined;
  readonly sourceLine: number | undefined;
  readonly modelRequested: string;
  readonly target: BatchTarget;
  readonly endpoint: BatchEndpoint;
  readonly body: JsonObject;
  /** `body` as it is sent. */
  readonly bodyJson: string;
  readonly resultKind: ResultKind;
  /** Of all its answers together. */
  readonly maxOutputTokens: number | undefined;
  readonly ignored: readonly string[];
  /** The values of the row that made it. */
  readonly variables: JsonObject | undefined;
}

/** Where a prompt stands; with a row it is one of many that the file makes. */
export interface PromptPlace {
  readonly promptPath: string;
  readonly wishedId: string;
  readonly row: { readonly id: string; readonly number: number; readonly values: JsonObject } | undefined;
}

/** Hosts that refuse `max_tokens` for reasoning models; others may know `max_tokens` only. */
const newFieldHosts = /^https:\/\/api\.openai\.com\//;

function maxTokensField(endpoint: BatchEndpoint, { api, baseUrl, demo }: BatchTarget): string | undefined {
  if (endpoint === '/v1/embeddings') return undefined;
  if (endpoint === '/v1/responses') return 'max_output_tokens';
  if (endpoint === '/v1/completions' || endpoint === messagesEndpoint) return 'max_tokens';
  return demo || api === 'azure' || newFieldHosts.test(baseUrl) ? 'max_completion_tokens' : 'max_tokens';
}

/** The smaller of what the request and its alias allow. */
function boundOf(asked: number | undefined, target: BatchTarget): number | undefined {
  const { maxOutputTokens: allowed } = target.limits;
  if (asked === undefined || allowed === undefined) return asked ?? allowed;
  return Math.min(asked, allowed);
}

/**
 * Anthropic demands a limit. An answer that is cut is paid for and of no use, so it is a generous one; what is not used
 * of it costs nothing.
 */
const defaultMaxTokens = 8192;

/** The request of a prompt file: a chat completion, or a message where the target speaks Anthropic's dialect. */
export function preparePrompt(
  place: PromptPlace,
  modelRequested: string,
  request: PromptRequest,
  target: BatchTarget,
): PreparedRequest | Refusal {
  const chat = prepareChat(place, modelRequested, request, target);
  return target.api === 'anthropic' ? asMessage(chat) : chat;
}

function prepareChat(
  { promptPath, wishedId, row }: PromptPlace,
  modelRequested: string,
  request: PromptRequest,
  target: BatchTarget,
): PreparedRequest {
  const endpoint = '/v1/chat/completions';
  const bound = boundOf(request.maxOutputTokens, target);
  const field = maxTokensField(endpoint, target);
  const body: Record<string, JsonValue> = { model: target.model };
  const isMistral = target.api === 'mistral';
  body.messages = request.messages.map(({ role, content }) => ({ role, content }));
  for (const [key, value] of Object.entries(request.parameters))
    if (value !== undefined) body[isMistral && key === 'seed' ? 'random_seed' : key] = value;
  if (bound !== undefined && field !== undefined) body[field] = bound;
  return {
    promptPath,
    wishedId: row?.id ?? wishedId,
    sourceId: row?.id,
    sourceLine: row?.number,
    modelRequested,
    target,
    endpoint,
    body,
    bodyJson: jsonOf(body, target),
    resultKind: row !== undefined ? 'rows' : request.wantsJson ? 'json' : 'text',
    maxOutputTokens: bound,
    ignored: request.ignored,
    variables: row === undefined || Object.keys(row.values).length === 0 ? undefined : row.values,
  };
}

/** A batch of Mistral's names its model once, for all its lines. */
function jsonOf(body: Readonly<Record<string, JsonValue | undefined>>, { api }: BatchTarget): string {
  return JSON.stringify(api === 'mistral' ? { ...body, model: undefined } : body);
}

function asMessage(chat: PreparedRequest): PreparedRequest | Refusal {
  const { target } = chat;
  const maxOutputTokens =
    chat.maxOutputTokens ?? Math.min(defaultMaxTokens, target.maxOutputTokens ?? defaultMaxTokens);
  const translated = translateRequest(
    {
      endpoint: 'chat.completions',
      dialect: 'openai',
      model: target.model,
      stream: false,
      body: chat.body,
      bytes: none,
    },
    'chat.completions',
    { endpoint: 'messages', model: target.model, maxOutputTokens },
  );
  if ('field' in translated) return refused(refusals.untranslatable(target.model, translated.field, translated.reason));
  const { body, bytes } = translated.request;
  return {
    ...chat,
    endpoint: messagesEndpoint,
    body,
    bodyJson: Buffer.from(bytes).toString('utf8'),
    maxOutputTokens,
    ignored: [...chat.ignored, ...translated.dropped],
  };
}

const none = new Uint8Array();

/** The request of one line of a batch `.jsonl`: its body as it is, but for the model and the alias's bound. */
export function prepareRow(
  promptPath: string,
  line: number,
  modelRequested: string,
  row: RequestRow,
  target: BatchTarget,
): PreparedRequest | Refusal {
  const isMessage = row.endpoint === messagesEndpoint;
  if (isMessage !== (target.api === 'anthropic'))
    return refused(refusals.otherDialect(target.model, target.provider, isMessage));
  const taken = endpointsOf[target.api];
  if (!taken.includes(row.endpoint)) return refused(refusals.otherEndpoint(target.provider, row.endpoint, taken));
  const asked = maxOutputTokensOf(row.body);
  const bound = row.endpoint === '/v1/embeddings' ? undefined : boundOf(asked, target);
  const body: Record<string, JsonValue | undefined> = { ...row.body, model: target.model };
  const field = fieldInUse(row.body) ?? maxTokensField(row.endpoint, target);
  if (bound !== asked && bound !== undefined && field !== undefined) body[field] = bound;
  return {
    promptPath,
    wishedId: row.customId,
    sourceId: row.customId,
    sourceLine: line,
    modelRequested,
    target,
    endpoint: row.endpoint,
    body,
    bodyJson: jsonOf(body, target),
    resultKind: 'rows',
    // An embedding has no output to be billed.
    maxOutputTokens: row.endpoint === '/v1/embeddings' ? 0 : bound && bound * answersOf(row.body),
    ignored: [],
    variables: undefined,
  };
}

function fieldInUse(body: JsonObject): string | undefined {
  return ['max_completion_tokens', 'max_output_tokens', 'max_tokens'].find((field) => field in body);
}
