import { workspace } from 'vscode';
import { describeError, type Log } from '../log.ts';
import type { ServiceConnection } from './serviceConnection.ts';

/** Begins and ends runs of the connection, one at a time and in the order asked for. */
export interface ServiceLifetime {
  /** Connects, or rests where no service is wanted. What ran before is ended first. */
  begin(): Promise<void>;
  end(): Promise<void>;
}

export function createServiceLifetime(
  connection: ServiceConnection,
  folder: () => string | undefined,
  log: Log,
): ServiceLifetime {
  let running: { readonly controller: AbortController; readonly ended: Promise<void> } | undefined;
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work, work);
    return turn;
  };
  const endNow = async (): Promise<void> => {
    const last = running;
    running = undefined;
    last?.controller.abort();
    await last?.ended;
  };
  const beginNow = async (): Promise<void> => {
    await endNow();
    if (!workspace.isTrusted) return connection.rest('untrusted');
    if (folder() === undefined) return connection.rest('noFolder');
    const controller = new AbortController();
    const ended = connection.run(controller.signal).catch((error: unknown) => {
      log.error('the line to the service broke', describeError(error));
    });
    running = { controller, ended };
  };
  return { begin: () => inTurn(beginNow), end: () => inTurn(endNow) };
}
