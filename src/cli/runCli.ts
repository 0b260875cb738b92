import { type Command, type CommandContext, exitCode } from './command.ts';
import { UsageError, unknownCommand } from './errors.ts';

function overview(commands: readonly Command[], version: string): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    `tollgate ${version}: LLM cost control for developers, without an editor`,
    '',
    'Usage: tollgate COMMAND [OPTIONS]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'tollgate COMMAND --help says more. Exit codes: 0 done, 1 done in part (see standard error), 2 wrong arguments.',
    '',
  ].join('\n');
}

/** Runs the command that `argv` (without node and script) names, and resolves to the exit code of the process. */
export async function runCli(
  argv: readonly string[],
  commands: readonly Command[],
  version: string,
  context: CommandContext,
): Promise<number> {
  const [name, ...args] = argv;
  try {
    if (name === '--version' || name === '-v') {
      await context.print(`${version}\n`);
      return exitCode.ok;
    }
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      await context.print(overview(commands, version));
      return name === undefined ? exitCode.usage : exitCode.ok;
    }
    const command = commands.find((candidate) => candidate.name === name);
    if (!command)
      throw unknownCommand(
        name,
        commands.map((known) => known.name),
      );
    if (args.includes('--help') || args.includes('-h')) {
      await context.print(command.help);
      return exitCode.ok;
    }
    return await command.run(args, context);
  } catch (error) {
    if (!UsageError.is(error)) throw error;
    context.complain(`tollgate: ${error.message}\n`);
    return exitCode.usage;
  }
}
