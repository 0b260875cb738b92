import type { Span, StaticPart } from '../finding.ts';

export interface Template {
  readonly parts: readonly StaticPart[];
  readonly holes: readonly Span[];
  /** The text says itself who speaks: `system:` lines, `{{role "system"}}`. */
  readonly hasRoles: boolean;
}

/** Handlebars, Jinja and VS Code inputs; comments are neither text nor hole. */
const placeholder =
  /\{\{!--[\s\S]*?--\}\}|\{\{\{?[~ ]*(?:[#/^!>]|else\b|role\b|history\b)[\s\S]*?\}\}\}?|\{\{\{?[\s\S]*?\}\}\}?|\{%[\s\S]*?%\}|\{#[\s\S]*?#\}|\$\{(?:input|selection|file|workspace)\w*(?::[^}]*)?\}/g;
const isControl = /^\{\{\{?[~ ]*(?:[#/^!>]|else\b|role\b|history\b)|^\{[%#]/;
const roleLine = /^[ \t]*#?[ \t]*(?:system|user|assistant|developer)[ \t]*(?:\[[^\]]*\])?:[ \t]*\r?$/gim;

/** Splits the body of a prompt file into what is always sent and what is filled in. */
export function readTemplate(source: string, body: Span, roleLines: boolean): Template {
  const text = source.slice(body.start, body.end);
  const cuts = [...text.matchAll(placeholder)].map((match) => ({ at: match.index, text: match[0] }));
  const roles = roleLines ? [...text.matchAll(roleLine)].map((match) => ({ at: match.index, text: match[0] })) : [];
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
  return { parts, holes, hasRoles: roles.length > 0 || /\{\{[~ ]*role\b/.test(text) };
}
