/** What a conversation was given. */
export interface StickyDecision {
  readonly rule: string;
  readonly alias: string;
  readonly isProbe: boolean;
  /** Tells the turns of a conversation apart. */
  readonly turn: string;
}

/** Remembers what conversations were given, as long as a provider may still have their beginning in its cache. */
export interface StickyDecisions {
  /** @param idleMs how long a conversation may have been silent */
  recall(key: string, idleMs: number, nowMs: number): StickyDecision | undefined;
  remember(key: string, decision: StickyDecision, nowMs: number): void;
}

/** @param size conversations remembered; the one that has been silent longest is forgotten first */
export function createStickyDecisions(size: number): StickyDecisions {
  const known = new Map<string, { readonly decision: StickyDecision; readonly atMs: number }>();
  const put = (key: string, decision: StickyDecision, atMs: number): void => {
    known.delete(key);
    known.set(key, { decision, atMs });
    if (known.size > size) known.delete(known.keys().next().value ?? key);
  };
  return {
    recall(key, idleMs, nowMs) {
      const entry = known.get(key);
      if (entry === undefined) return undefined;
      if (nowMs - entry.atMs > idleMs) {
        known.delete(key);
        return undefined;
      }
      put(key, entry.decision, nowMs);
      return entry.decision;
    },
    remember: put,
  };
}
