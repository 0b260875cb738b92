import { countNotUnderstood, countRefused, countUnreachable } from './errors.ts';

/** Providers that count for a key: Anthropic and Google for nothing, OpenAI too. */
export type CountingProvider = 'anthropic' | 'google' | 'openai';

export interface CountQuestion {
  readonly provider: CountingProvider;
  /** The provider's own name of the model. */
  readonly model: string;
  readonly text: string;
  readonly apiKey: string;
  readonly fetch: typeof fetch;
  readonly signal?: AbortSignal;
  /** Where the provider is, without a path; its public address by default. */
  readonly origin?: string;
}

interface Endpoint {
  readonly origin: string;
  readonly path: (model: string) => string;
  readonly headers: (apiKey: string) => Readonly<Record<string, string>>;
  readonly body: (model: string, text: string) => unknown;
  /** The member of the answer that is the count. */
  readonly count: string;
}

const timeoutMs = 30_000;
const longestReason = 200;

const endpoints: Readonly<Record<CountingProvider, Endpoint>> = {
  // https://platform.claude.com/docs/en/api/messages-count-tokens
  anthropic: {
    origin: 'https://api.anthropic.com',
    path: () => '/v1/messages/count_tokens',
    headers: (apiKey) => ({ 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' }),
    body: (model, text) => ({ model, messages: [{ role: 'user', content: text }] }),
    count: 'input_tokens',
  },
  // https://ai.google.dev/api/tokens
  google: {
    origin: 'https://generativelanguage.googleapis.com',
    path: (model) => `/v1beta/models/${encodeURIComponent(model)}:countTokens`,
    headers: (apiKey) => ({ 'x-goog-api-key': apiKey }),
    body: (_model, text) => ({ contents: [{ role: 'user', parts: [{ text }] }] }),
    count: 'totalTokens',
  },
  // https://platform.openai.com/docs/api-reference/responses/input-tokens
  openai: {
    origin: 'https://api.openai.com',
    path: () => '/v1/responses/input_tokens',
    headers: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
    body: (model, text) => ({ model, input: text }),
    count: 'input_tokens',
  },
};

/** Where a provider's count endpoint is, for telling the user before a text is sent there. */
export function countingHost(provider: CountingProvider): string {
  return new URL(endpoints[provider].origin).host;
}

/**
 * Asks a provider how many tokens a text has. Endpoints count messages, so the frame of one is measured with a message of
 * one letter, which is one token in every vocabulary, and taken off.
 * @throws ExactCountFailed
 */
export async function countWithProvider(question: CountQuestion): Promise<number> {
  if (question.text === '') return 0;
  const [whole, frame] = await Promise.all([countMessage(question), countMessage({ ...question, text: 'a' })]);
  return Math.max(1, whole - (frame - 1));
}

async function countMessage(question: CountQuestion): Promise<number> {
  const { provider, model, text, apiKey } = question;
  const endpoint = endpoints[provider];
  const url = new URL(endpoint.path(model), question.origin ?? endpoint.origin);
  const response = await send(question, url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...endpoint.headers(apiKey) },
    body: JSON.stringify(endpoint.body(model, text)),
  });
  const answer = await readAnswer(response, url.host);
  if (!response.ok) throw countRefused(url.host, response.status, reasonIn(answer));
  const count = memberOf(answer, endpoint.count);
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) throw countNotUnderstood(url.host);
  return count;
}

async function send({ fetch, signal }: CountQuestion, url: URL, init: RequestInit): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    // never on to another host: the key goes along
    return await fetch(url, {
      ...init,
      redirect: 'error',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
  } catch (error) {
    throw countUnreachable(url.host, describe(error));
  }
}

async function readAnswer(response: Response, host: string): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    if (!response.ok) return undefined;
    if (error instanceof SyntaxError) throw countNotUnderstood(host);
    throw countUnreachable(host, describe(error));
  }
}

/** All three write `{"error": {"message": …}}`. */
function reasonIn(answer: unknown): string {
  const message = memberOf(memberOf(answer, 'error'), 'message');
  return typeof message === 'string' ? message.slice(0, longestReason) : '';
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
