export interface BatchClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `fire` after `ms`; the result cancels it. */
  startTimer(ms: number, fire: () => void): () => void;
}
