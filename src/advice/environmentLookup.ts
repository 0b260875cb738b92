import type { SourceText, Span } from '../detect/finding.ts';
import type { TextEdit } from './aliasEdit.ts';
import { importPlace } from './importPlace.ts';

/** How a language reads a variable of the environment; `needs` must be imported for it. */
const lookups: Readonly<Record<string, { readonly read: (name: string) => string; readonly needs?: RegExp }>> = {
  python: { read: (name) => `os.environ["${name}"]` },
  javascript: { read: (name) => `process.env.${name}` },
  javascriptreact: { read: (name) => `process.env.${name}` },
  typescript: { read: (name) => `process.env.${name}` },
  typescriptreact: { read: (name) => `process.env.${name}` },
  ruby: { read: (name) => `ENV.fetch("${name}")` },
  go: { read: (name) => `os.Getenv("${name}")`, needs: /^\s*(?:import\s+)?"os"/m },
  java: { read: (name) => `System.getenv("${name}")` },
  kotlin: { read: (name) => `System.getenv("${name}")` },
  csharp: { read: (name) => `Environment.GetEnvironmentVariable("${name}")`, needs: /using System;/ },
  php: { read: (name) => `getenv('${name}')` },
};

const importsOs = /^import\s+(?:[\w., ]+,\s*)?os\b(?!\.)/m;

/** Replaces the quoted text at `content` by a look-up; undefined where it is not a plain literal of such a language. */
export function environmentLookup(
  { languageId, text }: SourceText,
  content: Span,
  name: string,
): readonly TextEdit[] | undefined {
  const lookup = lookups[languageId];
  const quote = text.charAt(content.start - 1);
  if (!lookup || !/["'`]/.test(quote) || text.charAt(content.end) !== quote) return undefined;
  const before = text.slice(Math.max(0, content.start - 3), content.start - 1);
  // A prefix, a second quote, or an attribute that takes a literal only.
  if (
    /[\w"'`]$/.test(before) ||
    text.charAt(content.end + 1) === quote ||
    (/[jt]sxreact|react$/.test(languageId) && before.endsWith('='))
  )
    return undefined;
  if (lookup.needs && !lookup.needs.test(text)) return undefined;
  const edit = { span: { start: content.start - 1, end: content.end + 1 }, newText: lookup.read(name) };
  if (languageId !== 'python' || importsOs.test(text)) return [edit];
  const { offset, needsBreakBefore } = importPlace(text, 'python');
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return [{ span: { start: offset, end: offset }, newText: `${needsBreakBefore ? eol : ''}import os${eol}` }, edit];
}
