import type { CacheClock } from '../cache/entryStore.ts';
import type { ProxyClock } from '../proxy/deps.ts';

/** The machine's clock and timers. */
export const machineClock: ProxyClock & CacheClock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  startTimer: (ms, fire) => {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
};
