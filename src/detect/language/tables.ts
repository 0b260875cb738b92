import { bash } from './bash.ts';
import { cSharp } from './cSharp.ts';
import { javaScript, tsx, typeScript } from './ecma.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import { kotlin } from './kotlin.ts';
import type { LanguageTable } from './languageTable.ts';
import { php } from './php.ts';
import { python } from './python.ts';
import { ruby } from './ruby.ts';
import { rust } from './rust.ts';
import { json, toml, yaml } from './settings.ts';

/** Every language that is read through its syntax tree. */
export const languageTables: readonly LanguageTable[] = [
  python,
  typeScript,
  tsx,
  javaScript,
  go,
  java,
  kotlin,
  cSharp,
  rust,
  ruby,
  php,
  bash,
  json,
  yaml,
  toml,
];

/** The table of a VS Code language id, if there is one. */
export function languageTableOf(languageId: string): LanguageTable | undefined {
  return languageTables.find(({ languageIds }) => languageIds.includes(languageId));
}
