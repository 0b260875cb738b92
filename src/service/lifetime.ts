/** Keeps the service running while somebody needs it, and for a while after. */
export interface Lifetime {
  /** Begins a hold: an open request or a lease. The result ends it; ending it twice does nothing. */
  readonly hold: () => () => void;
  openHolds(): number;
  /** Resolves when nothing is held. */
  idle(): Promise<void>;
  stop(): void;
}

export interface LifetimeOptions {
  /** How long after the last hold `onUnused` is called; Infinity = never. */
  readonly lingerMs: number;
  readonly onUnused: () => void;
  readonly setTimer?: (run: () => void, delayMs: number) => NodeJS.Timeout;
}

/** Begins to linger at once: a service that nobody ever asks ends too. */
export function createLifetime({ lingerMs, onUnused, setTimer = setTimeout }: LifetimeOptions): Lifetime {
  let holds = 0;
  let timer: NodeJS.Timeout | undefined;
  let waiting: (() => void)[] = [];

  const linger = (): void => {
    clearTimeout(timer);
    if (Number.isFinite(lingerMs)) timer = setTimer(onUnused, lingerMs);
  };
  const end = (): void => {
    holds -= 1;
    if (holds > 0) return;
    linger();
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  linger();
  return {
    hold: () => {
      holds += 1;
      clearTimeout(timer);
      let open = true;
      return () => {
        if (open) end();
        open = false;
      };
    },
    openHolds: () => holds,
    idle: () => (holds === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    stop: () => clearTimeout(timer),
  };
}
