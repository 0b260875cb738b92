/** What a command may touch. Everything else comes to its factory as a parameter. */
export interface CommandContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output; resolves when the reader has taken it, so that long output is not buffered whole. */
  readonly print: (text: string) => Promise<void>;
  /** Standard error: messages for people, never mixed into the output. */
  readonly complain: (text: string) => void;
  /** Aborts on SIGINT, SIGTERM and when the reader of our output has gone. */
  readonly signal: AbortSignal;
}

/** One word after `tollgate`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `tollgate NAME --help` prints: the usage line first. */
  readonly help: string;
  /** Resolves to the exit code; rejects with `UsageError` where the arguments are wrong. */
  run(args: readonly string[], context: CommandContext): Promise<number>;
}

/** The exit codes that all commands share; `help` states them. */
export const exitCode = {
  ok: 0,
  /** Ran, but part of what was asked for could not be done; standard error says what. */
  problems: 1,
  /** Wrong arguments: nothing was done. */
  usage: 2,
  /** Done, and found something to act on: `scan --advice`. */
  advice: 3,
  /** Done, but what was asked about is still under way: `batch status`, `batch collect`. */
  running: 4,
} as const;
