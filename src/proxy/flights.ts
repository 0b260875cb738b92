import type { StoredAnswer } from '../wire/storedAnswer.ts';
import type { LiveStream } from './liveStream.ts';

/** A complete answer, handed from the call that asked for it to those that wait. */
export interface FlightAnswer {
  readonly answer: StoredAnswer;
  /** Provider that made it. */
  readonly provider: string;
  readonly costPicoUsd?: number;
}

/** A request in flight, as those see it that wait for the same answer. */
export interface Flight {
  /** The whole answer; nothing when the call failed or its answer is not for sharing. */
  readonly landed: Promise<FlightAnswer | undefined>;
  /** The stream as soon as it has begun; nothing where there is none to be joined. */
  readonly live: Promise<LiveStream | undefined>;
  /** One more client wants the answer. The result is called when it no longer does; the first time counts. */
  stay(): () => void;
}

/** A request in flight, as the call has it that asks. */
export interface LedFlight {
  /** Aborts when nobody wants the answer any more: neither the client that asked nor those that joined it. */
  readonly signal: AbortSignal;
  /** The client that asked has gone; the first time counts. */
  leave(): void;
  goLive(stream: LiveStream): void;
  /** Must be called, whatever happens; the first time counts. */
  land(answer: FlightAnswer | undefined): void;
}

/** Identical requests in flight: the first one asks, the others take part in its answer. */
export interface Flights {
  /** Undefined = nobody asks for this now. */
  join(key: string): Flight | undefined;
  lead(key: string): LedFlight;
}

export function createFlights(): Flights {
  const inFlight = new Map<string, Flight>();
  return {
    join: (key) => inFlight.get(key),
    lead(key) {
      const landed = deferred<FlightAnswer | undefined>();
      const live = deferred<LiveStream | undefined>();
      const nobody = new AbortController();
      let staying = 0;
      const stay = (): (() => void) => {
        let stays = true;
        staying += 1;
        return () => {
          if (!stays) return;
          stays = false;
          staying -= 1;
          if (staying > 0) return;
          // Whoever asks the same from now on must not join what is being called off.
          if (inFlight.get(key) === flight) inFlight.delete(key);
          nobody.abort();
        };
      };
      const flight: Flight = { landed: landed.promise, live: live.promise, stay };
      inFlight.set(key, flight);
      return {
        signal: nobody.signal,
        leave: stay(),
        goLive: live.resolve,
        land(answer) {
          if (inFlight.get(key) === flight) inFlight.delete(key);
          live.resolve(undefined);
          landed.resolve(answer);
        },
      };
    },
  };
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
