import { identifierWords } from '../identifierWords.ts';
import type { Frame } from './visitOffsets.ts';

// What the source around a value says, read as text: the same for every grammar.

/** The operator between the child and its sibling, read from the source beside the child. */
export function operatorBeside(source: string, parent: Frame, child: Frame): string {
  const isLeft = source.slice(parent.start, child.start).trim() === '';
  const beside = isLeft
    ? source.slice(child.end, child.end + 40)
    : source.slice(Math.max(0, child.start - 40), child.start);
  const match = isLeft ? /^[\s)]*([^\s\w"'`($]+|\w+)/.exec(beside) : /([^\s\w"'`()]+|\w+)[\s(]*$/.exec(beside);
  return match?.[1] ?? '';
}

/** Reads a name that stands before its value: `"content": `, `model: string = `, `self.model = `. */
export function nameBefore(source: string): string {
  const text = source
    .trim()
    .replace(/[\s:=>+?|&.]+$/, '')
    .replace(/^:/, '')
    .replaceAll('::', '.');
  const quoted = /^["'`]([^"'`]*)["'`]/.exec(text);
  if (quoted) return identifierWords(quoted[1] ?? '');
  const subscript = /\[\s*["']([^"']+)["']\s*\]$/.exec(text);
  if (subscript) return identifierWords(subscript[1] ?? '');
  // `const [model, setModel] = `
  const first = /^(?:\w+\s+)?\[\s*([\w$]+)\s*,/.exec(text);
  if (first) return identifierWords(first[1] ?? '');
  // Type annotation, modifiers and keywords before the name.
  const bare = (/^[^:=<({[]*/.exec(text)?.[0] ?? '').trim();
  return identifierWords(bare.split(/\s+/).at(-1) ?? '');
}

// `[model, setModel] = ` is no annotation.
const annotation =
  /@[\w.:]+(?:\((?:[^()"]|"(?:[^"\\]|\\.)*")*\))?(?=\s*[\w@])|^\s*\[(?:[^[\]"]|"(?:[^"\\]|\\.)*")*\](?!\s*=)/g;

/** A declaration's header without the annotations before its name and the arguments of its type. */
export const withoutAnnotations = (header: string): string =>
  header.replace(annotation, ' ').replace(/(\w)<[\w\s,.?<>]*>/g, '$1');

/** The name of the field or parameter that begins at `source`, behind its other annotations. */
export function annotatedName(source: string): string {
  const text = source.replace(/^[)\s]+/, '').replace(/#\[[^\]]*\]|@\w+(?:\([^()]*\))?|\/\/[^\n]*|^\s*\[[^\]]*\]/g, ' ');
  const header = /^[^=;,{]*/.exec(text)?.[0] ?? '';
  return (/(\w+)\s*:(?!:)/.exec(header) ?? /(\w+)\s*$/.exec(header))?.[1] ?? '';
}

/** `ChatClient` of `ChatClient client = new(…)`, or of a list of it. */
export function declaredType(source: string, owner: Frame | undefined, assignment: Frame | undefined): string {
  if (!owner || !assignment) return '';
  const header = withoutLists(
    source.slice(owner.start, assignment.start) + source.slice(assignment.start, assignment.end),
  );
  const type = /([A-Z][\w.]*)\??\s+\w+\s*(?:\{[^}]*\}\s*)?=/.exec(header)?.[1];
  // `Messages = { new(…) }`
  return type ?? /^\s*(\w+?)s?\s*=/.exec(source.slice(assignment.start, assignment.end))?.[1] ?? '';
}

/** `List<ChatMessage>` and `ChatMessage[]` → `ChatMessage`. */
const withoutLists = (type: string): string =>
  type
    .slice(0, 300)
    .replace(/\w*(?:List|Collection|Enumerable|Set)<([\w.]+)\??>/g, '$1')
    .replace(/\[\]/g, '');

/** The name assigned to, as it is spelt: `self.guide: str = ` → `guide`. */
export function targetBefore(source: string): string {
  const bare = (/^[^:=<({[]*/.exec(source.trim())?.[0] ?? '').replace(/[\s+]+$/, '');
  return /[\w$]+$/.exec(bare)?.[0] ?? '';
}

/** What an entry is assigned in: `self.prompts["a"]["b"] = `, `self.prompts.a = ` → `prompts`. */
export const ownerBefore = (source: string): string =>
  identifierWords(
    (/([\w$.]+)(?:\[[^\]\n]*\])+[\s+]*=\s*$/.exec(source) ?? /(\w*prompts)\.\w+[\s+]*=\s*$/i.exec(source))?.[1] ?? '',
  );

/** `for (const model of `, `for index, model in ` → `model`. */
export const loopVariable = (source: string): string => /([\w$]+)\W*\s(?:of|in|range|:)\s*$/.exec(source)?.[1] ?? '';

/** `new Foo<T>` → `Foo`; arguments of earlier calls in a chain are dropped. */
export function calleeName(source: string): string {
  let text = source.length > 400 ? source.slice(-400) : source;
  for (let previous = ''; previous !== text; ) {
    previous = text;
    text = text.replace(/\([^()]*\)|\{[^{}]*\}|\[[^[\]]*\]|<[^<>()]*>/g, '');
  }
  return text
    .replace(/\s+/g, ' ')
    .replace(/^.*\b(?:new|await|return)\s|^\s*\+\s*/, '')
    .replace(/\s|\?(?=\.)|\?\.$/g, '');
}

/** The name of a function or method as it is spelt, from its header. */
export function functionName(source: string, frame: Frame): string {
  const header = withoutAnnotations(source.slice(frame.start, Math.min(frame.end, frame.start + 300)));
  const match =
    /\b(?:def|function\*?|class|func|fn|fun|sub)\s+(?:\([^)]*\)\s*)?(?:self\.)?([\w$]+)/.exec(header) ??
    /([\w$#]+)\s*[<(]/.exec(header);
  return match?.[1] ?? '';
}
