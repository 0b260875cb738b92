import type { ModelMapLanguage } from '../config/modelMapNames.ts';

/** Where a new import goes, as an offset at the start of a line, and what must stand around it. */
export interface ImportPlace {
  readonly offset: number;
  /** The line before does not end in a newline: the file's last. */
  readonly needsBreakBefore: boolean;
  /** No import precedes: a blank line sets it off from the code. */
  readonly needsBlankAfter: boolean;
}

interface Header {
  /** After shebang, comments at the top, documentation and directives. */
  readonly afterHeader: number;
  /** After the last import of the leading imports, or -1. */
  readonly afterImports: number;
}

const blankOrComment: Readonly<Record<'python' | 'script', RegExp>> = {
  python: /[ \t\f]*(?:#[^\n]*)?(?:\n|$)/y,
  script: /(?:\s+|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)/y,
};
/** Magics of notebooks must keep their place before the code they are for. */
const pythonMagic = /[ \t]*[%!][^\n]*(?:\n|$)/y;
const pythonDocumentation =
  /[ \t]*[rRuU]?(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')[ \t]*;?[ \t]*(?:#[^\n]*)?(?:\n|$)/y;
const pythonImport = /(?:import|from)\b(?:\\\r?\n|\([^)]*\)|[^\n\\(])*(?:\n|$)/y;
const shebang = /#![^\n]*(?:\r?\n|$)/y;
const directive = /(["'])use [\w ]+\1[ \t]*;?[ \t]*(?:\r?\n|$)?/y;
const esImport =
  /import\s*(?:type\s+)?(?:[\w$*{][^;'"]*?\bfrom\s*)?(["'])[^"'\n]+\1(?:\s*with\s*\{[^}]*\})?[ \t]*;?[ \t]*(?:\/\/[^\n]*)?(?:\r?\n|$)|import\s+\w+\s*=\s*require\([^)]*\)[ \t]*;?[ \t]*(?:\r?\n|$)/y;
const requireImport =
  /(?:const|let|var)\s+(?:[\w$]+|\{[^}]*\})\s*=\s*require\([^)]*\)[^;\n]*;?[ \t]*(?:\/\/[^\n]*)?(?:\r?\n|$)/y;

/** The end of the pattern at `at`, or -1. */
function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) && pattern.lastIndex > at ? pattern.lastIndex : -1;
}

function pythonHeader(text: string): Header {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let afterHeader = at;
  let afterImports = -1;
  let documented = false;
  for (;;) {
    const blank = matchAt(blankOrComment.python, text, at);
    if (blank > 0) {
      // Comments directly above code belong to it; the header ends with the first lines, or where a blank line follows.
      const isComment = text.slice(at, blank).trim() !== '';
      const opensFile = isComment && afterHeader === at && afterImports < 0;
      if (opensFile && isHeaderComment(text, at, blank)) afterHeader = blank;
      at = blank;
      continue;
    }
    const magic = matchAt(pythonMagic, text, at);
    const documentation = documented || afterImports >= 0 ? -1 : matchAt(pythonDocumentation, text, at);
    const imported = matchAt(pythonImport, text, at);
    if (magic > 0) afterHeader = magic;
    else if (documentation > 0) {
      afterHeader = documentation;
      documented = true;
    } else if (imported > 0) afterImports = imported;
    else return { afterHeader, afterImports };
    at = Math.max(magic, documentation, imported);
  }
}

/** Shebang, encoding, or a comment block set off by a blank line. */
function isHeaderComment(text: string, at: number, end: number): boolean {
  if (/^#!|coding[:=]/.test(text.slice(at, end))) return true;
  return /^(?:[ \t]*#[^\n]*\n)*[ \t]*(?:\r?\n)/.test(text.slice(end));
}

function scriptHeader(text: string): Header {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const afterShebang = matchAt(shebang, text, at);
  if (afterShebang > 0) at = afterShebang;
  let afterHeader = at;
  let afterImports = -1;
  for (;;) {
    const blank = matchAt(blankOrComment.script, text, at);
    if (blank > 0) {
      at = blank;
      continue;
    }
    const directed = afterImports < 0 ? matchAt(directive, text, at) : -1;
    const imported = Math.max(matchAt(esImport, text, at), matchAt(requireImport, text, at));
    if (directed > 0) afterHeader = directed;
    else if (imported > 0) afterImports = imported;
    else break;
    at = Math.max(directed, imported);
  }
  if (afterImports < 0 && afterHeader === Math.max(afterShebang, 0)) {
    // A licence comment at the very top stays there, one directly above code stays with the code.
    const licence = /^\s*\/\*[\s\S]*?\*\/[ \t]*\r?\n(?=[ \t]*\r?\n)/.exec(text.slice(afterHeader));
    if (licence) afterHeader += licence[0].length;
  }
  return { afterHeader, afterImports };
}

/** A blank line that sets the header off stays between it and the import. */
function afterBlankLine(text: string, offset: number): number {
  return offset + (offset > 0 ? (/^[ \t]*\r?\n/.exec(text.slice(offset, offset + 80))?.[0].length ?? 0) : 0);
}

/** Finds the place after the leading imports, else after what must come first in the file. */
export function importPlace(text: string, language: ModelMapLanguage): ImportPlace {
  const { afterHeader, afterImports } = language === 'python' ? pythonHeader(text) : scriptHeader(text);
  const offset = afterImports >= 0 ? afterImports : afterBlankLine(text, afterHeader);
  const needsBreakBefore = offset > 0 && text.charAt(offset - 1) !== '\n' && text.charCodeAt(offset - 1) !== 0xfeff;
  return { offset, needsBreakBefore, needsBlankAfter: afterImports < 0 };
}
