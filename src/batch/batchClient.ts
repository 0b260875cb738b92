import type { Answer, ProviderFailure } from './batchProvider.ts';
import { failureOf, type SdkError, unreadable } from './providerFailure.ts';
import type { StartTimer } from './unlessSilent.ts';

/** What a provider's batches are reached with. */
export interface BatchesOptions {
  /** As the vendor's SDK takes it. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch: typeof fetch;
  readonly startTimer: StartTimer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborts whatever is under way; aborted requests reject. */
  readonly signal: AbortSignal;
}

export const requestTimeoutMs = 60_000;
/** Of a request that carries a whole batch, or waits for an answer. */
export const longTimeoutMs = 10 * 60_000;
export const downloadIdleMs = 120_000;
export const pageSize = 100;
/** 20,000 batches; OpenAI takes 2,000 an hour. */
export const maxPages = 200;

/** Sends one request; what an SDK throws comes back as a failure, but for being aborted. */
export type Attempt = <T>(request: () => Promise<T>) => Promise<Answer<T>>;

export function attempting(
  isSdkError: (error: unknown) => error is SdkError,
  { signal, now }: Pick<BatchesOptions, 'signal' | 'now'>,
): Attempt {
  return async (request) => {
    try {
      return { ok: true, value: await request() };
    } catch (error) {
      if (signal.aborted) throw error;
      const failure: ProviderFailure = isSdkError(error)
        ? failureOf(error, now())
        : unreadable(error instanceof Error ? error.name : 'no answer');
      return { ok: false, failure };
    }
  };
}

/** What was answered, as `read` has it; `what` it is not where that yields nothing. */
export function reading<T>(answer: Answer<unknown>, read: (value: unknown) => T | undefined, what: string): Answer<T> {
  if (!answer.ok) return answer;
  const value = read(answer.value);
  return value === undefined ? { ok: false, failure: unreadable(`not ${what}`) } : { ok: true, value };
}
