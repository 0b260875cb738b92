/** An open request, or somebody's interest in the service: a window's or the command line's open event stream. */
export type HoldKind = 'request' | 'lease';

/** Keeps the service running while somebody needs it, and for a while after. */
export interface Lifetime {
  /** Begins a hold; the result ends it, and ending it twice does nothing. */
  hold(kind: HoldKind): () => void;
  /** Resolves when no request is open: true; or after `ms`: false. */
  quietWithin(ms: number): Promise<boolean>;
  stop(): void;
}

export interface LifetimeOptions {
  /** How long after the last hold `onUnused` is called; Infinity = never. */
  readonly lingerMs: number;
  readonly onUnused: () => void;
}

/** Begins to linger at once: a service that nobody ever asks ends too. */
export function createLifetime({ lingerMs, onUnused }: LifetimeOptions): Lifetime {
  const open: Record<HoldKind, number> = { request: 0, lease: 0 };
  const waiting = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const linger = (): void => {
    clearTimeout(timer);
    if (Number.isFinite(lingerMs) && !stopped) timer = setTimeout(onUnused, lingerMs);
  };
  const end = (kind: HoldKind): void => {
    open[kind] -= 1;
    if (open.request + open.lease === 0) linger();
    if (open.request === 0) for (const resolve of [...waiting]) resolve();
  };
  linger();
  return {
    hold: (kind) => {
      open[kind] += 1;
      clearTimeout(timer);
      let held = true;
      return () => {
        if (held) end(kind);
        held = false;
      };
    },
    quietWithin: (ms) => {
      if (open.request === 0) return Promise.resolve(true);
      return new Promise((resolve) => {
        const settle = (quiet: boolean) => {
          clearTimeout(limit);
          waiting.delete(onQuiet);
          resolve(quiet);
        };
        const onQuiet = (): void => settle(true);
        const limit = setTimeout(() => settle(false), ms);
        waiting.add(onQuiet);
      });
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
