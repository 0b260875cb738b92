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

/** A provider's count endpoint gave no count. The message names the remedy. */
export class ExactCountFailed extends Error {
  constructor(problem: string, remedy: string) {
    super(`The tokens were not counted: ${problem} ${remedy}`);
    this.name = 'ExactCountFailed';
  }
}

export function countRefused(host: string, status: number, said: string): ExactCountFailed {
  const problem = `${host} answered ${status}${said === '' ? '' : ` (${said})`}.`;
  if (status === 401 || status === 403)
    return new ExactCountFailed(problem, 'Set a valid key with "Tollgate: Set Provider Key".');
  if (status === 404)
    return new ExactCountFailed(problem, 'Check the name of the model: retired models are not counted either.');
  if (status === 413) return new ExactCountFailed(problem, 'The prompt is too long for the endpoint.');
  if (status === 429) return new ExactCountFailed(problem, 'Try again in a minute.');
  return new ExactCountFailed(problem, 'Try again later.');
}

export function countUnreachable(host: string, reason: string): ExactCountFailed {
  return new ExactCountFailed(`${host} could not be reached (${reason}).`, 'Check the network and try again.');
}

export function countNotUnderstood(host: string): ExactCountFailed {
  return new ExactCountFailed(`${host} answered something else.`, 'Report this: the endpoint may have changed.');
}
