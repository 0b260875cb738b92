/** The parser of a language cannot be had: its file is missing or damaged, and no source of that language can be read. */
export class GrammarNotLoaded extends Error {
  override readonly name = 'GrammarNotLoaded';

  constructor(grammar: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      `The parser for ${grammar} could not be loaded (${why}). Reinstall Tollgate, or reload the window after an update.`,
      {
        cause,
      },
    );
  }
}
