import type { Disposable } from '../disposables.ts';

/** Structurally VS Code's `Event`, so that this file loads outside the editor. */
export interface Listeners<T> {
  readonly on: (listener: (value: T) => void) => Disposable;
  readonly tell: (value: T) => void;
}

/** @param onProblem told when a listener throws; the others are still called */
export function createListeners<T>(onProblem: (error: unknown) => void): Listeners<T> {
  const listeners = new Set<{ call: (value: T) => void }>();
  return {
    on: (listener) => {
      const entry = { call: listener };
      listeners.add(entry);
      return { dispose: () => listeners.delete(entry) };
    },
    tell: (value) => {
      for (const { call } of [...listeners]) {
        try {
          call(value);
        } catch (error) {
          onProblem(error);
        }
      }
    },
  };
}
