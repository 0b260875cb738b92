import type { Span, StaticPart } from '../finding.ts';

export interface Template {
  readonly parts: readonly StaticPart[];
  readonly holes: readonly Span[];
  /** The text says itself who speaks: `system:` lines, `{{role "system"}}`. */
  readonly hasRoles: boolean;
}

/**
 * What of a text is filled in: `template`, all of Handlebars, Jinja, Liquid and Semantic Kernel; `roleLines`, that and
 * lines that say who speaks; `markup`, that and tags; `inputs`, only what editors and Claude Code fill in, because
 * braces in such a text are code it speaks of.
 */
export type TemplateStyle = 'template' | 'roleLines' | 'markup' | 'inputs';

/** Comments and control are neither text nor hole. */
const braces =
  /\{\{!--[\s\S]*?--\}\}|\{\{\{?[~ ]*(?:[#/^!>]|else\b|role\b|history\b)[\s\S]*?\}\}\}?|\{\{\{?[\s\S]*?\}\}\}?|\{%[\s\S]*?%\}|\{#[\s\S]*?#\}/;
const inputs = /\$\{(?:input|selection|file|workspace)\w*(?::[^}]*)?\}/;
const commandInputs = /\$(?:ARGUMENTS|\d)\b/;
const tags = /<!--[\s\S]*?-->|<\/?[a-zA-Z][\w.-]*(?:\s[^<>]*)?>/;
const any = (...patterns: readonly RegExp[]): RegExp => new RegExp(patterns.map(({ source }) => source).join('|'), 'g');

const placeholders: Readonly<Record<TemplateStyle, RegExp>> = {
  template: any(braces, inputs),
  roleLines: any(braces, inputs),
  markup: any(tags, braces),
  inputs: any(inputs, commandInputs),
};

const isControl = /^\{\{\{?[~ ]*(?:[#/^!>]|else\b|role\b|history\b|_\.role\b)|^\{[%#]/;
const roleLine = /^[ \t]*#?[ \t]*(?:system|user|assistant|developer)[ \t]*(?:\[[^\]]*\])?:[ \t]*\r?$/gim;

/** Splits a text into what is always sent and what is filled in. */
export function readTemplate(source: string, body: Span, style: TemplateStyle): Template {
  const text = source.slice(body.start, body.end);
  const cuts = [...text.matchAll(placeholders[style])].map((match) => ({ at: match.index, text: match[0] }));
  const roles =
    style === 'roleLines' ? [...text.matchAll(roleLine)].map((match) => ({ at: match.index, text: match[0] })) : [];
  const parts: StaticPart[] = [];
  const holes: Span[] = [];
  let from = 0;
  const keep = (until: number): void => {
    if (until <= from) return;
    const span = { start: body.start + from, end: body.start + until };
    parts.push({ span, text: text.slice(from, until).replace(/\r\n/g, '\n') });
  };
  for (const cut of [...cuts, ...roles].sort((a, b) => a.at - b.at)) {
    if (cut.at < from) continue;
    keep(cut.at);
    from = cut.at + cut.text.length;
    const isHole = cut.text.startsWith('{{') ? !isControl.test(cut.text) : cut.text.startsWith('$');
    if (isHole) holes.push({ start: body.start + cut.at, end: body.start + from });
  }
  keep(text.length);
  return { parts, holes, hasRoles: roles.length > 0 || /\{\{[~ ]*(?:role|_\.role)\b/.test(text) };
}
