import type {
  AnswerScope,
  CacheDirectives,
  CacheLookup,
  CacheStats,
  KeptAnswerCache,
} from '../../../src/cache/answerCache.ts';
import { cacheSchema } from '../../../src/cache/cacheSchema.ts';
import { createAnswerCache } from '../../../src/cache/createAnswerCache.ts';
import type { CacheClock } from '../../../src/cache/entryStore.ts';
import type { CacheConfig } from '../../../src/config/config.ts';
import { openStore } from '../../../src/store/openStore.ts';
import type { Store } from '../../../src/store/store.ts';
import type { JsonObject } from '../../../src/wire/json.ts';
import type { BodyEndpoint, ParsedRequest } from '../../../src/wire/parsedRequest.ts';
import type { StoredAnswer } from '../../../src/wire/storedAnswer.ts';

export const day = 86_400_000;

/** Time that stands still until it is told to go on. */
export class StillClock implements CacheClock {
  #now = Date.UTC(2026, 5, 1);
  #timers: { readonly at: number; readonly fire: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  startTimer(ms: number, fire: () => void): () => void {
    const timer = { at: this.#now + ms, fire };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  pass(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter((timer) => !due.includes(timer));
    for (const { fire } of due) fire();
  }

  get timers(): number {
    return this.#timers.length;
  }
}

export const scope: AnswerScope = {
  workspaceId: 'w1',
  session: 's1',
  user: undefined,
  namespace: undefined,
  provider: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  model: 'gpt-4o-mini',
  alias: undefined,
  credential: 'c1',
  variant: '',
};

export const noDirectives: CacheDirectives = { skipRead: false, skipWrite: false, onlyIfCached: false };

export const bothOn: CacheConfig = {
  scope: 'session',
  exact: { mode: 'on', ttlMs: day, maxBytes: 10_000_000 },
  semantic: { mode: 'on', embedder: 'lexical', ttlMs: day },
  store: { kind: 'sqlite' },
};

export function withModes(exact: CacheConfig['exact']['mode'], semantic: CacheConfig['semantic']['mode']): CacheConfig {
  return { ...bothOn, exact: { ...bothOn.exact, mode: exact }, semantic: { ...bothOn.semantic, mode: semantic } };
}

export function requestOf(body: JsonObject, endpoint: BodyEndpoint = 'chat.completions'): ParsedRequest {
  return {
    endpoint,
    dialect: endpoint === 'messages' ? 'anthropic' : 'openai',
    model: typeof body.model === 'string' ? body.model : '',
    stream: body.stream === true,
    body,
    bytes: Buffer.from(JSON.stringify(body)),
  };
}

export function chat(question: string, more: JsonObject = {}): ParsedRequest {
  return requestOf({ model: 'gpt-4o-mini', temperature: 0, messages: [{ role: 'user', content: question }], ...more });
}

export function answerOf(text: string, more: Partial<StoredAnswer> = {}): StoredAnswer {
  const choice = { index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' };
  return {
    endpoint: 'chat.completions',
    json: JSON.stringify({ id: 'x', model: 'gpt-4o-mini', choices: [choice] }),
    model: 'gpt-4o-mini',
    finish: 'stop',
    usage: { input: 10, output: 5 },
    ...more,
  };
}

export interface CacheUnderTest {
  readonly cache: KeptAnswerCache;
  readonly clock: StillClock;
  readonly store: Store;
  readonly problems: string[];
  /** Looks up, watching included, and stores `answer` where the look-up lets it. */
  ask(request: ParsedRequest, how?: Asking): CacheLookup;
}

export interface Asking {
  readonly scope?: Partial<AnswerScope>;
  readonly directives?: Partial<CacheDirectives>;
  readonly config?: CacheConfig;
  readonly answer?: StoredAnswer;
  readonly costPicoUsd?: number | undefined;
}

export function openCache(existing?: Store, memoryBytes?: number): CacheUnderTest {
  const clock = new StillClock();
  const store = existing ?? openStore({ path: ':memory:', schemas: [cacheSchema], clock: () => clock.now() });
  const problems: string[] = [];
  const cache = createAnswerCache({
    store,
    clock,
    onProblem: (message) => problems.push(message),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  });
  const ask = (request: ParsedRequest, how: Asking = {}): CacheLookup => {
    const found = cache.lookup(
      request,
      { ...scope, ...how.scope },
      { ...noDirectives, ...how.directives },
      how.config ?? bothOn,
    );
    if (found instanceof Promise) throw new Error('the SQLite cache answers at once');
    const watched = 'watched' in found ? found.watched?.() : undefined;
    const ticket = 'ticket' in found ? found.ticket : undefined;
    if (ticket !== undefined) {
      const cost = 'costPicoUsd' in how ? how.costPicoUsd : 1_500_000;
      cache.store(ticket, how.answer ?? answerOf('an answer', { endpoint: request.endpoint }), cost);
    }
    return watched ?? found;
  };
  return { cache, clock, store, problems, ask };
}

/** The text that a hit serves. */
export function servedText(found: CacheLookup): string | undefined {
  if (!('found' in found) || !('answer' in found.found)) return undefined;
  const reply: { choices: { message: { content: string } }[] } = JSON.parse(found.found.answer.json);
  return reply.choices[0]?.message.content;
}

/** What is on disk. */
export function rowsOf(store: Store, columns: string): Record<string, unknown>[] {
  return store.database
    .prepare(`SELECT ${columns} FROM cache_entry`)
    .all()
    .map((row) => ({ ...row }));
}

export function statsOf(cache: KeptAnswerCache, workspaceId?: string): CacheStats {
  const stats = cache.stats(workspaceId);
  if (stats instanceof Promise) throw new Error('the SQLite cache answers at once');
  return stats;
}
