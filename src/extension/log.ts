import type { LogOutputChannel } from 'vscode';

/** What the rooms log to: the editor's log channel as it is. Never prompt text, never keys. */
export type Log = Pick<LogOutputChannel, 'trace' | 'debug' | 'info' | 'warn' | 'error'>;

/** An error as one line for the log; the stack follows where there is one. */
export function describeError(error: unknown): string {
  if (error instanceof Error) return error.stack ?? `${error.name}: ${error.message}`;
  return String(error);
}
