import type { StoredAnswer } from '../wire/storedAnswer.ts';

/** A complete answer, handed from the call that asked for it to those that wait. */
export interface FlightAnswer {
  readonly answer: StoredAnswer;
  /** Provider that made it. */
  readonly provider: string;
  readonly costPicoUsd?: number;
}

/** Identical requests in flight: the first one asks, the others wait for its answer. */
export interface Flights {
  /** The answer of the call in flight; undefined = nobody asks for this now. Resolves to nothing when that call failed. */
  join(key: string): Promise<FlightAnswer | undefined> | undefined;
  /** Makes this call the one that asks. The result must be called, whatever happens; the first time counts. */
  lead(key: string): (answer: FlightAnswer | undefined) => void;
}

export function createFlights(): Flights {
  const inFlight = new Map<string, Promise<FlightAnswer | undefined>>();
  return {
    join: (key) => inFlight.get(key),
    lead(key) {
      let resolve: (answer: FlightAnswer | undefined) => void = () => {};
      const promise = new Promise<FlightAnswer | undefined>((settle) => {
        resolve = settle;
      });
      inFlight.set(key, promise);
      return (answer) => {
        if (inFlight.get(key) === promise) inFlight.delete(key);
        resolve(answer);
      };
    },
  };
}
