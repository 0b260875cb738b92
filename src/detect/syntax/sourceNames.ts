import { identifierWords } from '../identifierWords.ts';
import type { Frame } from './visitOffsets.ts';

// What the source around a value says, read as text: the same for every grammar.

/** The operator between the child and its sibling, read from the source beside the child. */
export function operatorBeside(source: string, parent: Frame, child: Frame): string {
  const isLeft = source.slice(parent.start, child.start).trim() === '';
  const beside = isLeft
    ? source.slice(child.end, child.end + 40)
    : source.slice(Math.max(0, child.start - 40), child.start);
  const match = isLeft ? /^[\s)]*([^\s\w"'`(]+|\w+)/.exec(beside) : /([^\s\w"'`()]+|\w+)[\s(]*$/.exec(beside);
  return match?.[1] ?? '';
}

/** Reads a name that stands before its value: `"content": `, `model: string = `, `self.model = `. */
export function nameBefore(source: string): string {
  const text = source.trim().replace(/[\s:=>+?|&]+$/, '');
  const quoted = /^["'`]([^"'`]*)["'`]/.exec(text);
  if (quoted) return identifierWords(quoted[1] ?? '');
  const subscript = /\[\s*["']([^"']+)["']\s*\]$/.exec(text);
  if (subscript) return identifierWords(subscript[1] ?? '');
  // Type annotation, modifiers and keywords before the name.
  const bare = (/^[^:=<({[]*/.exec(text)?.[0] ?? '').trim();
  return identifierWords(bare.split(/\s+/).at(-1) ?? '');
}

/** The name assigned to, as it is spelt: `self.guide: str = ` → `guide`. */
export function targetBefore(source: string): string {
  const bare = (/^[^:=<({[]*/.exec(source.trim())?.[0] ?? '').replace(/[\s+]+$/, '');
  return /[\w$]+$/.exec(bare)?.[0] ?? '';
}

/** `for (const model of `, `for index, model in ` → `model`. */
export const loopVariable = (source: string): string =>
  identifierWords(/([\w$]+)\W*\s(?:of|in)\s*$/.exec(source)?.[1] ?? '');

/** `new Foo<T>` → `Foo`; arguments of earlier calls in a chain are dropped. */
export function calleeName(source: string): string {
  let text = source.length > 400 ? source.slice(-400) : source;
  for (let previous = ''; previous !== text; ) {
    previous = text;
    text = text.replace(/\([^()]*\)|\{[^{}]*\}|\[[^[\]]*\]|<[^<>()]*>/g, '');
  }
  return text
    .replace(/\s+/g, ' ')
    .replace(/^.*\b(?:new|await)\s/, '')
    .replace(/\s|\?(?=\.)|\?\.$/g, '');
}

/** The name of a function or method, from its header. */
export function functionName(source: string, frame: Frame): string {
  const header = source.slice(frame.start, Math.min(frame.end, frame.start + 160));
  const match =
    /\b(?:def|function\*?|class|func|fn|fun|sub)\s+([\w$]+)/.exec(header) ?? /([\w$#]+)\s*[<(]/.exec(header);
  return identifierWords(match?.[1] ?? '');
}
