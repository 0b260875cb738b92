import type { AnswerCache } from '../../src/cache/answerCache.ts';
import { loadCatalog } from '../../src/catalog/loadCatalog.ts';
import type { Config } from '../../src/config/config.ts';
import type { AttemptRow, CallRow } from '../../src/ledger/rows.ts';
import type { ProxyDeps } from '../../src/proxy/deps.ts';
import type { HeaderPairs, ProxyRequest, ProxyResponse, Upstream, UpstreamRequest } from '../../src/proxy/exchange.ts';

export interface Recorded {
  readonly call: CallRow;
  readonly attempts: readonly AttemptRow[];
}

export interface ProxyDouble {
  readonly deps: ProxyDeps;
  readonly recorded: Recorded[];
  readonly logged: string[];
}

/** Prices that make hand-worked costs easy: USD per million tokens. */
export const testCatalog = loadCatalog({
  schema: 1,
  asOf: '2026-11-01',
  sources: [{ name: 'made up' }],
  models: {
    openai: [
      { id: 'gpt-test', match: ['gpt-test*'], usd: { input: 1, cacheRead: 0.5, output: 10 }, tokenizer: 'o200k' },
      { id: 'gpt-dear', usd: { input: 100, output: 1000 }, tokenizer: 'o200k' },
      { id: 'embed-test', usd: { input: 0.1 }, tokenizer: 'cl100k' },
    ],
    anthropic: [
      {
        id: 'claude-test',
        usd: { input: 3, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6, output: 15 },
        tokenizer: 'claude',
      },
    ],
    groq: [{ id: 'llama-test', usd: { input: 0.05, output: 0.08 }, tokenizer: 'llama3' }],
  },
});

export const fallbackOnEverything = {
  on: ['connect', 'overload', 'server', 'context', 'quota', 'auth'],
  maxAttempts: 3,
  deadlineMs: 60_000,
} as const;

/** A configuration with both vendors, a second OpenAI-like provider with a stored key, and no cache. */
export function testConfig(changes: Partial<Config> = {}): Config {
  return {
    providers: {
      openai: { dialect: 'openai', baseUrl: 'https://api.openai.com/v1' },
      anthropic: { dialect: 'anthropic', baseUrl: 'https://api.anthropic.com' },
      groq: { dialect: 'openai', baseUrl: 'https://api.groq.com/openai/v1', apiKey: { kind: 'secret', name: 'groq' } },
    },
    aliases: {},
    tiers: [],
    router: { models: ['auto'], sticky: 'turn', stickyMs: 3_600_000, classifier: { mode: 'rules', timeoutMs: 2000 } },
    routes: [],
    cache: {
      scope: 'session',
      exact: { mode: 'off', ttlMs: 1000, maxBytes: 1000 },
      semantic: { mode: 'off', embedder: 'lexical', threshold: 0.955, ttlMs: 1000 },
      store: { kind: 'sqlite' },
    },
    budgets: [],
    attribution: { tags: ['feature', 'env'], pii: 'hash' },
    prices: { unpriced: 'warn', overrides: {} },
    reconcile: { toleranceRatio: 0.02, timezone: 'UTC' },
    ...changes,
  };
}

export const noCache: AnswerCache = {
  lookup: () => ({ outcome: 'bypass', reason: 'off' }),
  store: () => undefined,
};

/** Everything a proxy needs, with an upstream of the test's own and a clock that stands still. */
export function proxyDouble(upstream: Upstream, changes: Partial<ProxyDeps> = {}): ProxyDouble {
  const recorded: Recorded[] = [];
  const logged: string[] = [];
  let ids = 0;
  let now = 1_000_000;
  const config = testConfig();
  const deps: ProxyDeps = {
    clock: {
      now: () => now++,
      monotonicMs: () => now,
      wait: async (ms) => {
        now += ms;
      },
    },
    newId: () => `id${++ids}`,
    random: () => 0.5,
    catalogOf: () => testCatalog,
    configOf: () => config,
    keyOf: () => undefined,
    confirmedUpstream: () => undefined,
    upstream,
    demoUpstream: upstream,
    ledger: { record: (call, attempts) => recorded.push({ call, attempts: [...attempts] }) },
    answerCache: noCache,
    limits: { admit: () => ({ kind: 'admitted' }) },
    tokenCounter: {
      count: async (texts) =>
        texts.map((text) => ({ basis: 'exact', tokens: text.split(/\s+/).filter(Boolean).length })),
    },
    log: {
      debug: (message) => logged.push(message),
      warn: (message) => logged.push(message),
      error: (message) => logged.push(message),
    },
    pseudonymKey: new Uint8Array(32).fill(7),
    timeouts: { firstByteMs: 600_000, idleMs: 300_000 },
    maxBodyBytes: 32 * 1024 * 1024,
    ...changes,
  };
  return { deps, recorded, logged };
}

export function proxyRequest(path: string, body: unknown, changes: Partial<ProxyRequest> = {}): ProxyRequest {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    method: 'POST',
    path,
    headers: [
      ['Content-Type', 'application/json'],
      ['Authorization', 'Bearer sk-client'],
    ],
    body: bytes,
    signal: new AbortController().signal,
    workspaceId: 'w1',
    baseUrl: 'http://127.0.0.1:4711/t/TOKEN',
    tokenInHeader: false,
    ...changes,
  };
}

/** An upstream that remembers what it was asked and answers what it is told. */
export function scriptedUpstream(
  ...answers: (ProxyResponse | Error | ((request: UpstreamRequest) => ProxyResponse))[]
): {
  readonly send: Upstream;
  readonly asked: UpstreamRequest[];
} {
  const asked: UpstreamRequest[] = [];
  const waiting = [...answers];
  return {
    asked,
    async send(request) {
      asked.push(request);
      const answer = waiting.length > 1 ? waiting.shift() : waiting[0];
      if (answer === undefined) throw new Error('the script is over');
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? answer(request) : answer;
    },
  };
}

export function jsonReply(value: unknown, status = 200, headers: HeaderPairs = []): ProxyResponse {
  const body = Buffer.from(JSON.stringify(value));
  return {
    status,
    headers: [['content-type', 'application/json'], ['content-length', String(body.length)], ...headers],
    body,
  };
}

/** A stream of these pieces, each a chunk of its own. */
export function sseReply(pieces: Iterable<string | Uint8Array>, failure?: Error): ProxyResponse {
  return {
    status: 200,
    headers: [['content-type', 'text/event-stream; charset=utf-8']],
    body: (async function* () {
      for (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
      if (failure !== undefined) throw failure;
    })(),
  };
}

export async function bytesOf({ body }: ProxyResponse): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

export async function textOf(response: ProxyResponse): Promise<string> {
  return (await bytesOf(response)).toString('utf8');
}

export function header(response: ProxyResponse, name: string): string | undefined {
  return response.headers.find(([key]) => key.toLowerCase() === name)?.[1];
}
