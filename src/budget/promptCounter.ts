import { mostImageTokens } from '../tokens/imageTokens.ts';
import { imagePartTokens } from '../tokens/partTokens.ts';
import type { TokenCount, TokenCounter } from '../tokens/tokenCount.ts';
import type { JsonValue } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { type ToolDefinitions, toolsIn } from '../wire/promptParts.ts';
import {
  type CountedModel,
  fixedParts,
  type InputTokens,
  messagesOf,
  mostToolTokens,
  type Pieces,
  piecesOf,
  tokensPerMessage,
  toolTokens,
} from './inputTokens.ts';

/**
 * Counts the prompts of requests. What has been read and counted of a message is remembered with the message, so that
 * everybody who asks about a call, also after some of it was left out, has it counted once.
 */
export interface PromptCounter {
  /** No text has more tokens than bytes: an upper bound without counting. Images count as the dearest there are. */
  atMost(request: ParsedRequest): number;
  /** What `count` says, where it has counted this prompt before for models of this kind; undefined where it has not. */
  known(request: ParsedRequest, model: CountedModel | undefined, side: 'tokens' | 'high'): InputTokens | undefined;
  /** @param side `tokens` = the best estimate, `high` = the upper end of its band */
  count(request: ParsedRequest, model: CountedModel | undefined, side: 'tokens' | 'high'): Promise<InputTokens>;
}

interface Sides {
  tokens: number;
  high: number;
}

/** A request's prompt as it was read: its messages, then what is beside them. */
interface Prompt {
  readonly messages: number;
  readonly parts: readonly Pieces[];
  readonly beside: readonly JsonValue[];
  readonly tools: ToolDefinitions;
  /** Of the texts of each part, by tokenizer. */
  readonly counted: Map<string | undefined, readonly Sides[]>;
}

export function createPromptCounter(counter: Pick<TokenCounter, 'count'>): PromptCounter {
  // By the list of messages, which stays the same while limits of the answer change around it.
  const known = new WeakMap<object, Prompt>();

  const promptOf = (request: ParsedRequest): Prompt => {
    const messages = messagesOf(request);
    const beside = fixedParts(request);
    const seen = known.get(messages);
    if (seen !== undefined && isSame(seen.beside, beside)) return seen;
    const prompt = readPrompt(request, messages, beside);
    known.set(messages, prompt);
    return prompt;
  };
  const countedBy = async (prompt: Prompt, tokenizer: string | undefined): Promise<readonly Sides[]> => {
    const seen = prompt.counted.get(tokenizer);
    if (seen !== undefined) return seen;
    const texts = prompt.parts.flatMap((part) => part.texts);
    const counts = texts.length === 0 ? [] : await counter.count(texts, tokenizer);
    let next = 0;
    const sums = prompt.parts.map(({ texts: own }) => {
      next += own.length;
      return sumOf(counts.slice(next - own.length, next));
    });
    prompt.counted.set(tokenizer, sums);
    return sums;
  };

  const inputTokens = (
    prompt: Prompt,
    sums: readonly Sides[],
    model: CountedModel | undefined,
    side: keyof Sides,
  ): InputTokens => {
    const tokens = prompt.parts.map(({ images, extra }, place) =>
      images.reduce((sum, image) => sum + imagePartTokens(model, image), extra + (sums[place]?.[side] ?? 0)),
    );
    const messages = tokens.slice(0, prompt.messages).map((one) => one + tokensPerMessage);
    const around = tokensPerMessage + toolTokens(prompt.tools, model?.tokenizer);
    const fixed = tokens.slice(prompt.messages).reduce((sum, one) => sum + one, around);
    return { messages, fixed, total: messages.reduce((sum, one) => sum + one, fixed) };
  };

  return {
    atMost: (request) => mostTokens(promptOf(request)),
    known(request, model, side) {
      const prompt = known.get(messagesOf(request));
      const sums = prompt?.counted.get(model?.tokenizer);
      if (prompt === undefined || sums === undefined || !isSame(prompt.beside, fixedParts(request))) return undefined;
      return inputTokens(prompt, sums, model, side);
    },
    async count(request, model, side) {
      const prompt = promptOf(request);
      return inputTokens(prompt, await countedBy(prompt, model?.tokenizer), model, side);
    },
  };
}

function mostTokens({ parts, messages, tools }: Prompt): number {
  let sum = tokensPerMessage * (messages + 1) + mostToolTokens(tools);
  for (const { texts, images, extra } of parts) {
    sum += extra + images.length * mostImageTokens;
    for (const text of texts) sum += Buffer.byteLength(text);
  }
  return sum;
}

function isSame(a: readonly JsonValue[], b: readonly JsonValue[]): boolean {
  return a.length === b.length && a.every((value, place) => value === b[place]);
}

function readPrompt(request: ParsedRequest, messages: readonly JsonValue[], beside: readonly JsonValue[]): Prompt {
  const parts = [...messages, ...beside].map(piecesOf);
  const tools = toolsIn(request.body);
  return { messages: messages.length, parts, beside, tools, counted: new Map() };
}

function sumOf(counts: readonly TokenCount[]): Sides {
  const sum = { tokens: 0, high: 0 };
  for (const count of counts) {
    sum.tokens += count.tokens;
    sum.high += count.basis === 'estimated' ? count.high : count.tokens;
  }
  return sum;
}
