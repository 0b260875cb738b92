/** Lists of words, separated by white space; `*` stands for any letters, digits and underscores. */
export interface NameList {
  /** The whole name. */
  readonly is?: string;
  readonly starts?: string;
  readonly ends?: string;
  /** Anywhere between underscores. */
  readonly holds?: string;
}

const alternatives = (words: string): string => words.trim().split(/\s+/).join('|').replaceAll('*', '\\w*');

/** Compiles a word list to a test of names in the spelling of `identifierWords`. */
export function names({ is, starts, ends, holds }: NameList): RegExp {
  const patterns = [
    is && `^(?:${alternatives(is)})$`,
    starts && `^(?:${alternatives(starts)})(?:_|$)`,
    ends && `(?:^|_)(?:${alternatives(ends)})$`,
    holds && `(?:^|_)(?:${alternatives(holds)})(?:_|$)`,
  ];
  return new RegExp(patterns.filter(Boolean).join('|'));
}
