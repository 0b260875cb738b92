/**
 * What of a text is filled in: `template`, all of Handlebars, Jinja, Liquid and Semantic Kernel; `roleLines`, that and
 * lines that say who speaks; `markup`, that and tags; `inputs`, only what editors and Claude Code fill in, because
 * braces in such a text are code it speaks of.
 */
export type TemplateStyle = 'template' | 'roleLines' | 'markup' | 'inputs';

export interface Placeholder {
  readonly at: number;
  readonly text: string;
}

/** What opens and closes a placeholder of any length, the longer opening first. */
const braces: readonly (readonly [open: string, close: string])[] = [
  ['{{!--', '--}}'],
  ['{{', '}}'],
  ['{%', '%}'],
  ['{#', '#}'],
];
const comment: readonly (readonly [open: string, close: string])[] = [['<!--', '-->']];

const inputs = /\$\{(?:input|selection|file|workspace)\w{0,40}(?::[^}]{0,200})?\}/y;
const commandInputs = /\$(?:ARGUMENTS|\d)\b/y;
const tags = /<\/?[a-zA-Z][\w.-]*(?:\s[^<>]*)?>/y;

interface Marks {
  readonly pairs: readonly (readonly [open: string, close: string])[];
  readonly forms: readonly RegExp[];
}

const marks: Readonly<Record<TemplateStyle, Marks>> = {
  template: { pairs: braces, forms: [inputs] },
  roleLines: { pairs: braces, forms: [inputs] },
  markup: { pairs: [...comment, ...braces], forms: [tags] },
  inputs: { pairs: [], forms: [inputs, commandInputs] },
};

/**
 * The placeholders, comments and control of a text, in order and apart from each other. One that is never closed is text;
 * that a closing mark is missing is found out once, so that the time grows with the text and no faster.
 */
export function findPlaceholders(text: string, style: TemplateStyle): Placeholder[] {
  const { pairs, forms } = marks[style];
  const missing = new Set<string>();
  const endOfPair = (at: number): number | undefined => {
    for (const [open, close] of pairs) {
      if (missing.has(close) || !text.startsWith(open, at)) continue;
      const closing = text.indexOf(close, at + open.length);
      if (closing < 0) missing.add(close);
      else return closing + close.length + (close === '}}' && text.charAt(closing + 2) === '}' ? 1 : 0);
    }
    return undefined;
  };
  const endOfForm = (at: number): number | undefined => {
    for (const form of forms) {
      form.lastIndex = at;
      if (form.test(text)) return form.lastIndex;
    }
    return undefined;
  };
  const found: Placeholder[] = [];
  const start = /[{<$]/g;
  for (let match = start.exec(text); match; match = start.exec(text)) {
    const end = endOfPair(match.index) ?? endOfForm(match.index);
    if (end === undefined) continue;
    found.push({ at: match.index, text: text.slice(match.index, end) });
    start.lastIndex = end;
  }
  return found;
}
