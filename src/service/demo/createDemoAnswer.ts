import { hash } from 'node:crypto';
import type { Catalog } from '../../catalog/catalog.ts';
import type { TokenCounter } from '../../tokens/tokenCount.ts';
import { arrayAt, type JsonObject, type JsonValue } from '../../wire/json.ts';
import type { ParsedRequest } from '../../wire/parsedRequest.ts';
import { promptTexts } from '../../wire/promptTexts.ts';
import {
  chatReply,
  completionReply,
  type DemoReply,
  embeddingsReply,
  messageReply,
  responsesReply,
} from './demoReplies.ts';
import { demoText } from './demoText.ts';

export interface DemoAnswerDeps {
  readonly tokenCounter: Pick<TokenCounter, 'count'>;
  readonly catalog: Pick<Catalog, 'lookup'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The JSON reply of the demo provider to a request. */
export type DemoAnswer = (request: ParsedRequest) => Promise<JsonObject>;

/** What the chat format adds per message and for the answer's start (OpenAI cookbook, "How to count tokens"). */
const tokensPerMessage = 3;
const tokensOfStart = 3;

/** Answers in both dialects, with usage counted by the tokenizer of the model that was asked for. */
export function createDemoAnswer({ tokenCounter, catalog, now }: DemoAnswerDeps): DemoAnswer {
  const tokenizerOf = (model: string): string | undefined => {
    const found = catalog.lookup(model);
    return found.kind === 'known' ? found.model.tokenizer : undefined;
  };
  const count = async (texts: readonly string[], model: string): Promise<number> => {
    const counts = await tokenCounter.count(texts, tokenizerOf(model));
    return counts.reduce((sum, { tokens }) => sum + tokens, 0);
  };

  /** The longest beginning of the text that has no more tokens than that. */
  const cut = async (text: string, maxTokens: number, model: string): Promise<string> => {
    let [low, high] = [0, text.length];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((await count([text.slice(0, middle)], model)) <= maxTokens) low = middle;
      else high = middle - 1;
    }
    return text.slice(0, low);
  };

  const reply = async (request: ParsedRequest): Promise<DemoReply> => {
    const { body, model } = request;
    const whole = demoText(request);
    const limit = maxTokensOf(body);
    const isCut = limit !== undefined && (await count([whole], model)) > limit;
    const text = isCut ? await cut(whole, limit, model) : whole;
    return {
      model,
      text,
      isCut,
      inputTokens: await inputTokens(request),
      outputTokens: await count([text], model),
      id: hash('sha256', request.bytes, 'hex').slice(0, 16),
      createdAt: Math.floor(now() / 1000),
      choices: typeof body.n === 'number' ? Math.min(Math.max(1, body.n), 16) : 1,
    };
  };

  const inputTokens = async (request: ParsedRequest): Promise<number> => {
    const messages = arrayAt(request.body, 'messages').length + arrayAt(request.body, 'input').length;
    const frame = request.endpoint === 'completions' ? 0 : tokensPerMessage * Math.max(1, messages) + tokensOfStart;
    return frame + (await count(promptTexts(request), request.model));
  };

  return async (request) => {
    const { body, model } = request;
    switch (request.endpoint) {
      case 'chat.completions':
        return chatReply(await reply(request));
      case 'completions':
        return completionReply(await reply(request));
      case 'responses':
        return responsesReply(await reply(request), body);
      case 'messages':
        return messageReply(await reply(request));
      case 'messages.count_tokens':
        return { input_tokens: await inputTokens(request) };
      case 'embeddings': {
        const texts = embeddingTexts(body.input);
        return embeddingsReply(
          texts,
          model,
          body,
          await embeddedTokens(body.input, texts, (each) => count(each, model)),
        );
      }
    }
  };
}

function maxTokensOf(body: JsonObject): number | undefined {
  const limits = [body.max_completion_tokens, body.max_output_tokens, body.max_tokens];
  return limits.find((limit) => typeof limit === 'number');
}

/** A text, several, one list of token numbers, or several. */
function embeddingTexts(input: JsonValue | undefined): string[] {
  if (!Array.isArray(input)) return [String(input)];
  if (input.every((item) => typeof item === 'number')) return [input.join(' ')];
  return input.map((item) => (Array.isArray(item) ? item.join(' ') : String(item)));
}

/** Token numbers are their own count. */
async function embeddedTokens(
  input: JsonValue | undefined,
  texts: readonly string[],
  count: (texts: readonly string[]) => Promise<number>,
): Promise<number> {
  const numbers = Array.isArray(input) ? input.flat().filter((item) => typeof item === 'number').length : 0;
  return numbers > 0 ? numbers : count(texts);
}
