import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** The space for new objects of a JavaScript engine. */
export interface YoungSpace {
  bytes(): number;
  stopGrowing(): void;
}

/** Far more than the calls in flight hold between two collections. */
const enoughBytes = 12 * 1024 * 1024;
const lookMs = 250;

/**
 * V8 lets the space for new objects grow beyond 100 MB under load, and keeps it. A call's objects die with the call, so a
 * small space is collected as cheaply, and stays in the processor's cache.
 */
export function boundYoungSpace(space: YoungSpace = youngSpace): void {
  const timer = setInterval(() => {
    if (space.bytes() < enoughBytes) return;
    space.stopGrowing();
    clearInterval(timer);
  }, lookMs);
  timer.unref();
}

const youngSpace: YoungSpace = {
  bytes: () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0,
  // Read by V8 each time it is about to grow the space; the flag of its size is read only when a process starts.
  stopGrowing: () => setFlagsFromString('--semi-space-growth-factor=1'),
};
