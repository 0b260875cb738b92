/** Which tier answered a request, and whether that answer has been counted as failed. */
export interface AnsweredBy {
  readonly rule: string;
  readonly alias: string;
  readonly isProbe: boolean;
  readonly failed: boolean;
}

/** Remembers which requests were answered just now, so that the same one again is seen as a retry of the client. */
export interface RetryWatch {
  answered(request: string, by: AnsweredBy, nowMs: number): void;
  /** The one that answered before; undefined where this request is new. */
  again(request: string, nowMs: number): AnsweredBy | undefined;
}

/** Whoever was not served well asks again soon; later it is somebody's next run. */
const retryWithinMs = 60_000;
/** Programs that ask the same thing many times are sampling, not retrying: only the first repeats count. */
const countedRepeats = 2;
const remembered = 5000;

interface Entry {
  readonly by: AnsweredBy;
  readonly atMs: number;
  readonly repeats: number;
}

export function createRetryWatch(): RetryWatch {
  const known = new Map<string, Entry>();
  const put = (request: string, entry: Entry): void => {
    known.delete(request);
    known.set(request, entry);
    if (known.size > remembered) known.delete(known.keys().next().value ?? request);
  };
  return {
    answered(request, by, nowMs) {
      put(request, { by, atMs: nowMs, repeats: known.get(request)?.repeats ?? 0 });
    },
    again(request, nowMs) {
      const entry = known.get(request);
      if (entry === undefined) return undefined;
      if (nowMs - entry.atMs > retryWithinMs) {
        known.delete(request);
        return undefined;
      }
      if (entry.repeats >= countedRepeats) return undefined;
      put(request, { by: { ...entry.by, failed: true }, atMs: entry.atMs, repeats: entry.repeats + 1 });
      return entry.by;
    },
  };
}
