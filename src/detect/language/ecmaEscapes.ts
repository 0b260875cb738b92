import type { EscapeRules } from './languageTable.ts';

/** Escapes of JavaScript, which JSON and its kin share. */
export const ecmaEscapes: EscapeRules = {
  sequence: /\\(\r\n|x[\da-fA-F]{2}|u\{[\da-fA-F]+\}|u[\da-fA-F]{4}|[\s\S])/g,
  raw: /raw/,
};
