import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { CacheClock } from '../../entryStore.ts';
import type { Embedder } from '../embedder.ts';
import { normalised } from '../normalised.ts';
import { embeddingsClient } from './embeddingsClient.ts';
import { httpEmbedderErrors } from './httpErrors.ts';

/** Where requests go now; undefined = they cannot, because a key is missing. */
export interface EmbeddingsAddress {
  /** As the SDK takes it, with `/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch: typeof fetch;
}

/** One request for embeddings that was answered, for the ledger. */
export interface EmbeddingsRequest {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** As the server names it. */
  readonly model: string;
  /** Undefined where the server does not say. */
  readonly inputTokens: number | undefined;
  readonly texts: number;
}

export interface HttpEmbedderDeps {
  /** Of the configuration. */
  readonly provider: string;
  readonly model: string;
  readonly baseUrl: string;
  /** Asked before each request: keys come and go. */
  readonly address: () => EmbeddingsAddress | undefined;
  readonly clock: CacheClock;
  readonly onRequest: (request: EmbeddingsRequest) => void;
}

/** A server far away answers in this time, or the call goes on without. */
const deadlineMs = 250;
/** One that answers later is waited for in the background, for the answer that is to be kept. */
const requestMs = 10_000;
/** OpenAI takes 2,048 texts and 300,000 tokens; servers of local models less. */
const textsAtOnce = 64;
const remembered = 2_000;
const firstPauseMs = 5_000;
const longestPauseMs = 5 * 60_000;
/** So many late answers in a row are taken for a server that is too slow. */
const lateInARow = 3;
/** Until it is calibrated: the lowest cosine that is estimated to be safe, and what nothing is known of near one. */
const thresholds: Readonly<Record<string, number>> = { 'text-embedding-3-small': 0.9, 'text-embedding-3-large': 0.9 };
const cautiousThreshold = 0.97;

/**
 * An embedder behind an OpenAI-compatible `/embeddings`. A server that fails or is late is left alone for a while, and
 * then asked again: meanwhile no call waits for it.
 */
export function createHttpEmbedder(deps: HttpEmbedderDeps): Embedder {
  const { provider, model, clock, onRequest } = deps;
  const vectors = new LRUCache<string, Float32Array>({ max: remembered });
  let dimensions = 0;
  let late = 0;
  let pauseMs = firstPauseMs;
  let pausedUntilMs = 0;
  let reason: Error | undefined;

  return {
    id: `http:${digest(`${deps.baseUrl} ${model}`)}:${provider}/${model}`,
    get dimensions() {
      return dimensions;
    },
    threshold: thresholds[model] ?? cautiousThreshold,
    deadlineMs,
    async embed(texts) {
      const missing = [...new Set(texts)].filter((text) => !vectors.has(digest(text)));
      if (missing.length > 0 && clock.now() < pausedUntilMs && reason !== undefined) throw reason;
      const fresh = new Map<string, Float32Array>();
      for (let start = 0; start < missing.length; start += textsAtOnce) {
        const some = missing.slice(start, start + textsAtOnce);
        for (const [index, vector] of (await asked(some)).entries()) fresh.set(some[index] ?? '', vector);
      }
      return texts.map((text) => {
        const vector = fresh.get(text) ?? vectors.get(digest(text));
        if (vector === undefined) throw httpEmbedderErrors.unreadable(provider);
        vectors.set(digest(text), vector);
        return vector;
      });
    },
  };

  async function asked(texts: readonly string[]): Promise<readonly Float32Array[]> {
    const address = deps.address();
    if (address === undefined) throw pause(httpEmbedderErrors.noKey(provider));
    const startedAtMs = clock.now();
    let isLate = false;
    const cancel = clock.startTimer(deadlineMs, () => {
      isLate = true;
      late++;
      if (late >= lateInARow) pause(httpEmbedderErrors.slow(provider, deadlineMs));
    });
    try {
      const client = await embeddingsClient({ ...address, timeoutMs: requestMs });
      const { vectors: raw, ...answered } = await client(model, texts);
      onRequest({ startedAtMs, endedAtMs: clock.now(), texts: texts.length, ...answered });
      const found = raw.map(normalised);
      const width = found[0]?.length ?? 0;
      if (found.length !== texts.length || found.some(({ length }) => length !== width || length === 0))
        throw httpEmbedderErrors.unreadable(provider);
      dimensions = width;
      if (!isLate) recovered();
      return found;
    } catch (error) {
      throw pause(httpEmbedderErrors.failed(provider, model, error));
    } finally {
      cancel();
    }
  }

  function pause(error: Error): Error {
    reason = error;
    pausedUntilMs = clock.now() + pauseMs;
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    late = 0;
    return error;
  }

  function recovered(): void {
    late = 0;
    pauseMs = firstPauseMs;
    reason = undefined;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
