import { sourceLanguage } from '../sourceLanguage.ts';

/** A code block of a Markdown document; what belongs to the list or quotation around it is blank, so that offsets hold. */
export interface Fence {
  readonly languageId: string;
  readonly text: string;
  /** Where the text begins in the document. */
  readonly start: number;
}

const opening = /^((?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)(`{3,}|~{3,})[ \t]*\{?\.?([\w#+-]*)[^`\n]*$/;
/** Names that fences use and neither editors nor files do. */
const fenceLanguages: Readonly<Record<string, string>> = {
  shell: 'shellscript',
  console: 'shellscript',
  terminal: 'shellscript',
  golang: 'go',
  'c#': 'csharp',
  node: 'javascript',
};
/** Lines of a session: what is typed stands behind the prompt of the shell. */
const sessionPrompt = /^\s*\$ /;
/** A document with more is a book. */
const mostFences = 100;

/** Pages that explain a program to people: what their code names was chosen for the page. */
const documentation =
  /(?:^|[\\/])(?:readme|changelog|changes|history|contributing|migration|migrating|upgrading|releases?|license|security|faq|tutorial|quickstart|getting[-_]started)[\w.-]*\.(?:md|mdx|markdown)$|(?:^|[\\/])(?:docs?|documentation|website|site|www|blog|posts?|\.?guides?|tutorials?|content|pages|cookbook|book|wiki|references?|skills?|context|instructions)[\\/]|\.mdx$/i;

export const isDocumentation = (path: string): boolean => documentation.test(path);

const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ');

/** The code blocks of a document whose language is one of ours. */
export function readFences(source: string): Fence[] {
  const fences: Fence[] = [];
  let at = 0;
  let open:
    | {
        readonly mark: string;
        readonly languageId: string | undefined;
        readonly prefix: string;
        readonly start: number;
        text: string;
      }
    | undefined;
  for (const line of source.split(/(?<=\n)/)) {
    const bare = line.replace(/\r?\n$/, '');
    if (open) {
      const isClosing = new RegExp(`^[ \\t>]*${open.mark.charAt(0)}{${open.mark.length},}[ \\t]*$`).test(bare);
      if (!isClosing) open.text += withoutPrefix(line, open.prefix);
      else {
        if (open.languageId && fences.length < mostFences)
          fences.push({ languageId: open.languageId, text: open.text, start: open.start });
        open = undefined;
      }
    } else {
      const [, prefix = '', mark, name = ''] = opening.exec(bare) ?? [];
      if (mark) open = { mark, languageId: languageOf(name), prefix, text: '', start: at + line.length };
    }
    at += line.length;
  }
  return fences;
}

function languageOf(name: string): string | undefined {
  const word = name.toLowerCase();
  return fenceLanguages[word] ?? sourceLanguage(`fence.${word}`) ?? sourceLanguage('fence', word);
}

/** Blanks what belongs to the list or quotation around the block, and the prompt of a shell session. */
function withoutPrefix(line: string, prefix: string): string {
  const quoted = prefix.includes('>') ? line.replace(/^(?:[ \t]*>)+/, blank) : line;
  return quoted.replace(sessionPrompt, blank);
}
