import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { badArguments } from './errors.ts';

/** Reads the options of one command; anything not declared is a `UsageError` that names it. */
export function parseArguments<const Options extends ParseArgsOptionsConfig>(
  command: string,
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // parseArgs throws a TypeError whose first sentence names the argument.
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw badArguments(command, reason ?? 'The arguments could not be read');
  }
}
