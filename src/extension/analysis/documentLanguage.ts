import { languageIds } from '../contributions.ts';

const supported = new Set<string>(languageIds);

/** Prompt files are known by their name: the language an editor gives them depends on what else is installed. */
const byName: readonly (readonly [pattern: RegExp, languageId: string])[] = [
  [/\.(prompt|prompty|prompt\.md)$/i, 'prompt'],
  [/\.jsonl$/i, 'jsonl'],
];

/** Globs of the files that `documentLanguage` knows by name. */
export const promptFileGlob = '**/*.{prompt,prompty,prompt.md,jsonl}';

/** The language to detect in; undefined = none that is supported. */
export function documentLanguage(path: string, languageId: string): string | undefined {
  const named = byName.find(([pattern]) => pattern.test(path));
  if (named) return named[1];
  return supported.has(languageId) ? languageId : undefined;
}
