import type { Span } from '../finding.ts';

/** A hole as templates have them, of the same length; too short a one stays as it is. */
const asHole = (text: string): string => (text.length < 4 ? text : `{{${'x'.repeat(text.length - 4)}}}`);
const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ');

const expansion = /\$\{[^}]*\}|\$\([^)]*\)|\$\w+/g;

/** The text of a word in quotes, or of several side by side, at the places where it stands. */
function maskWord(word: string): string {
  if (word.startsWith("'")) {
    // `'…"'"$X"'"…'`: the shell's own text between two quotes of JSON.
    const inner = word.slice(1, word.endsWith("'") && word.length > 1 ? -1 : undefined);
    const masked = inner.replace(/'(?:\\''|[^']*)'/g, asHole);
    return ` ${masked}${' '.repeat(word.length - 1 - masked.length)}`;
  }
  if (!word.startsWith('"') || /\\\\/.test(word)) return blank(word);
  let quotes = 0;
  const inner = word.slice(1, -1).replace(expansion, asHole);
  const masked = inner.replace(/\\"/g, () => (quotes++ % 2 === 0 ? ' "' : '" '));
  return ` ${masked} `;
}

/**
 * A source of the same length with nothing in it but the body at `span`, in which JSON can be read: without the quotes
 * and escapes of the shell, and with its variables as holes of a template.
 * @param isWord a word of a command, and not the lines of a heredoc
 */
export function maskShell(source: string, span: Span, isWord: boolean): string {
  const text = source.slice(span.start, span.end);
  const masked = isWord ? maskWord(text) : text.replace(expansion, asHole);
  return blank(source.slice(0, span.start)) + masked + blank(source.slice(span.end));
}
