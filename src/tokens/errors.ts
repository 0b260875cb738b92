/** The counter was disposed. */
export class TokenCounterClosed extends Error {
  constructor() {
    super('Tokens are no longer counted: the counter is closed.');
    this.name = 'TokenCounterClosed';
  }
}

/** The worker ended twice on the same texts, or reported a failure. */
export class TokenWorkerFailed extends Error {
  constructor(reason: string) {
    super(`Tokens could not be counted: ${reason}. Counting starts afresh with the next text.`);
    this.name = 'TokenWorkerFailed';
  }
}
