import type { CatalogModel } from '../catalog/catalog.ts';
import { mostImageTokens } from '../tokens/imageTokens.ts';
import { overheadTokens } from '../tokens/overheads.ts';
import { imagePartTokens } from '../tokens/partTokens.ts';
import type { TokenCount, TokenCounter } from '../tokens/tokenCount.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { type ImagePart, imagePartOf, toolsIn } from '../wire/promptParts.ts';

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
const tokensPerMessage = 4;
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

/** No text has more tokens than bytes: an upper bound without counting. Images count as the dearest there are. */
export function inputTokensAtMost(request: ParsedRequest): number {
  const { texts, images, extra } = wholeOf(request);
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), extra + images.length * mostImageTokens);
}

/**
 * Counts a request's prompt.
 * @param side `tokens` = the best estimate, `high` = the upper end of its band
 */
export async function countInput(
  request: ParsedRequest,
  counter: Pick<TokenCounter, 'count'>,
  model: CountedModel | undefined,
  side: 'tokens' | 'high',
): Promise<InputTokens> {
  const messages = messagesOf(request).map(piecesOf);
  const fixed = piecesOf(fixedPart(request));
  const all = [...messages, fixed];
  const counts = await counter.count(
    all.flatMap(({ texts }) => texts),
    model?.tokenizer,
  );
  let next = 0;
  const sums = all.map(({ texts, images, extra }) => {
    const own = counts.slice(next, next + texts.length);
    next += texts.length;
    const seen = images.reduce((sum, image) => sum + imagePartTokens(model, image), extra);
    return own.reduce((sum, count) => sum + figure(count, side), seen);
  });
  const perMessage = sums.slice(0, -1).map((tokens) => tokens + tokensPerMessage);
  const fixedTokens = (sums.at(-1) ?? 0) + tokensPerMessage + toolTokens(request, model);
  return {
    messages: perMessage,
    fixed: fixedTokens,
    total: perMessage.reduce((sum, tokens) => sum + tokens, fixedTokens),
  };
}

function figure(count: TokenCount, side: 'tokens' | 'high'): number {
  return count.basis === 'estimated' && side === 'high' ? count.high : count.tokens;
}

/** Messages of a conversation, or the items of a Responses input. */
export function messagesOf({ body }: ParsedRequest): readonly JsonValue[] {
  const list = body.messages ?? body.input;
  return Array.isArray(list) ? list : [];
}

function fixedPart({ body }: ParsedRequest): JsonObject {
  const isList = Array.isArray(body.input) && body.messages === undefined;
  return Object.fromEntries(
    fixedFields.flatMap((field) =>
      body[field] === undefined || (isList && field === 'input') ? [] : [[field, body[field]]],
    ),
  );
}

/** What a provider writes around tools, beside the text of their definitions. */
function toolTokens({ body }: ParsedRequest, model: CountedModel | undefined): number {
  const { shapes, forced } = toolsIn(body);
  if (shapes.length === 0) return 0;
  const shape = { messages: 1, forcedTool: forced };
  const withTools = overheadTokens(model?.tokenizer, { ...shape, tools: shapes });
  return withTools.tokens - overheadTokens(model?.tokenizer, shape).tokens;
}

interface Pieces {
  readonly texts: readonly string[];
  readonly images: readonly ImagePart[];
  /** Tokens of what is not text. */
  readonly extra: number;
}

function wholeOf(request: ParsedRequest): Pieces {
  const messages = messagesOf(request);
  const { texts, images, extra } = piecesOf([...messages, fixedPart(request)]);
  return { texts, images, extra: extra + tokensPerMessage * (messages.length + 1) + mostToolTokens(request) };
}

/** Anthropic's system prompt for tools is the longest; its 53 a tool are fewer than the bytes of a definition. */
function mostToolTokens(request: ParsedRequest): number {
  return toolTokens(request, { id: '', tokenizer: 'claude-3' });
}

function piecesOf(value: JsonValue): Pieces {
  const texts: string[] = [];
  const images: ImagePart[] = [];
  let extra = 0;
  collect(value);
  return { texts, images, extra };

  function collect(item: JsonValue | undefined): void {
    if (typeof item === 'string') {
      if (isBinary(item)) extra += Math.ceil(item.length / bytesPerBinaryToken);
      else if (item !== '') texts.push(item);
    } else if (Array.isArray(item)) {
      for (const one of item) collect(one);
    } else if (isJsonObject(item)) collectObject(item);
  }

  function collectObject(object: JsonObject): void {
    const image = imagePartOf(object);
    if (image !== undefined) {
      images.push(image);
      return;
    }
    // A schema is read by the model as text, keys and braces included.
    if (object.type === 'function' || isJsonObject(object.input_schema) || isJsonObject(object.json_schema)) {
      texts.push(JSON.stringify(object));
      return;
    }
    for (const [key, one] of Object.entries(object)) if (!unread.has(key)) collect(one);
  }
}

/** Names and marks of the format, which its overhead stands for. */
const unread = new Set(['role', 'type', 'id', 'tool_call_id', 'tool_use_id', 'call_id', 'cache_control']);

function isBinary(text: string): boolean {
  return text.startsWith('data:') || (text.length > 2000 && !/\s/.test(text.slice(0, 2000)));
}
