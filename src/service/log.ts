import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs';

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** The service's log: a constant message and named fields. Never prompt text, never keys, never a token. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/**
 * One JSON object per line, given to `write` with its line end.
 * @param least what is less than this is left out
 */
export function createLog(write: (line: string) => void, clock: () => number, least: LogLevel = 'info'): Log {
  const at = (level: LogLevel) => {
    if (levels.indexOf(level) < levels.indexOf(least)) return () => undefined;
    return (message: string, fields: LogFields = {}): void =>
      write(`${JSON.stringify({ time: new Date(clock()).toISOString(), level, message, ...fields })}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export interface LogFileOptions {
  readonly path: string;
  /** The file is renamed to `….1` beyond this; one older file is kept. */
  readonly maxBytes?: number;
  /** Where a line goes that could not be written: the disk is full or the folder gone. */
  readonly fallback: (line: string) => void;
}

/** Appends to a file that is the owner's alone and does not grow for ever. */
export function appendToLogFile({
  path,
  maxBytes = 2 * 1024 * 1024,
  fallback,
}: LogFileOptions): (line: string) => void {
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return (line) => {
    try {
      if (size + line.length > maxBytes) {
        rmSync(`${path}.1`, { force: true });
        if (size > 0) renameSync(path, `${path}.1`);
        size = 0;
      }
      appendFileSync(path, line, { mode: 0o600 });
      size += line.length;
    } catch (error) {
      fallback(`${line.trimEnd()} (not in the log file: ${describeError(error)})\n`);
    }
  };
}

/**
 * What may be logged of an error: name, code and where it was thrown. Not its message, which may quote what a client or
 * a provider sent.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [`${error.name}${code}`, ...frames.slice(0, 6).map((frame) => frame.trim())].join(' | ');
}
