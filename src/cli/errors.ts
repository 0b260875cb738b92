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
