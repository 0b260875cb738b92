/** The arguments are wrong. The message says which and what would be right. */
export class UsageError extends Error {
  static is(error: unknown): error is UsageError {
    return error instanceof UsageError;
  }
}

export function unknownCommand(name: string, known: readonly string[]): UsageError {
  return new UsageError(`There is no command "${name}". Commands: ${known.join(', ')}. Try "tollgate --help".`);
}

export function badArguments(command: string, reason: string): UsageError {
  return new UsageError(`${reason.replace(/\.?$/, '.')} Try "tollgate ${command} --help".`);
}

export function nothingToScan(): UsageError {
  return new UsageError('Name at least one file or folder to scan, for example "tollgate scan .".');
}

export function unknownRule(name: string, known: readonly string[]): UsageError {
  return new UsageError(`There is no rule "${name}". Rules: ${known.join(', ')}.`);
}

/** What stands beside a problem of a configuration in a scan, which goes on without that part. */
export const configLeftOut = (path: string): string =>
  `What is wrong in ${path} was left out of this scan: aliases declared there may be missing. Correct it and scan again.`;
