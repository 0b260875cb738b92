import type { Disposable, DisposableStore } from './disposables.ts';
import { describeError, type Log } from './log.ts';

/** One part of the extension. Starts at once; slow work goes on after `start` has returned. */
export interface Contribution {
  /** For the log and for the message when it fails. */
  readonly name: string;
  start(): Disposable;
}

/** Starts each part by itself, so that one that fails does not take down the rest. Returns the names of those that failed. */
export function startContributions(
  contributions: readonly Contribution[],
  disposables: DisposableStore,
  log: Log,
): readonly string[] {
  return contributions.flatMap(({ name, start }) => {
    try {
      disposables.add(start());
      return [];
    } catch (error) {
      log.error(`${name} could not start`, describeError(error));
      return [name];
    }
  });
}
