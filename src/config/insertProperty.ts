import type { Node } from 'jsonc-parser';

const comment = /"(?:[^"\\\n]|\\.)*"|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g;

/** The text with comments blanked out, so that offsets hold. */
function withoutComments(text: string): string {
  return text.replace(comment, (found) => (found.startsWith('"') ? found : found.replace(/[^\r\n]/g, ' ')));
}

function lineIndent(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? '';
}

/** Whether nothing but white space stands before `offset` in its line. */
function beginsLine(text: string, offset: number): boolean {
  return /(?:^|\n)[ \t]*$/.test(text.slice(0, offset));
}

/** How a text is laid out: one step of indentation, and how lines end. */
export interface Layout {
  readonly indent: string;
  readonly eol: string;
}

export function layoutOf(text: string): Layout {
  return { indent: /^[ \t]+(?=["/])/m.exec(text)?.[0] ?? '  ', eol: /\r\n/.test(text) ? '\r\n' : '\n' };
}

/**
 * Inserts a property at the end of an object and touches nothing else: comments stay with the line they are on.
 * (jsonc-parser's `modify` lays the neighbouring property out anew.)
 * @param render makes `"key": value`, given the indentation of the line it will stand on
 */
export function insertProperty(text: string, object: Node, render: (indent: string) => string): string {
  const { indent: step, eol } = layoutOf(text);
  const close = object.offset + object.length - 1;
  const last = object.children?.at(-1);
  const lastEnd = last === undefined ? object.offset + 1 : last.offset + last.length;
  const comma = withoutComments(text.slice(lastEnd, close)).includes(',');
  const separated = last === undefined || comma ? text.slice(lastEnd, close) : `,${text.slice(lastEnd, close)}`;
  const before = text.slice(0, lastEnd) + separated;
  const after = text.slice(close);

  if (beginsLine(text, close)) {
    const closeIndent = lineIndent(text, close);
    const indent =
      last !== undefined && beginsLine(text, last.offset) ? lineIndent(text, last.offset) : closeIndent + step;
    const body = before.slice(0, before.length - closeIndent.length);
    return `${body}${indent}${render(indent)}${comma ? ',' : ''}${eol}${closeIndent}${after}`;
  }
  if (last === undefined && text.includes('\n')) {
    const closeIndent = lineIndent(text, object.offset);
    const indent = closeIndent + step;
    return `${before.trimEnd()}${eol}${indent}${render(indent)}${eol}${closeIndent}${after}`;
  }
  return `${before.trimEnd()} ${render(lineIndent(text, close))} ${after}`;
}
