import type { Span, StaticPart } from '../finding.ts';
import { findPlaceholders, type TemplateStyle } from './findPlaceholders.ts';

export interface Template {
  readonly parts: readonly StaticPart[];
  readonly holes: readonly Span[];
  /** The text says itself who speaks: `system:` lines, `{{role "system"}}`. */
  readonly hasRoles: boolean;
}

const isControl = /^\{\{\{?[~ ]*(?:[#/^!>]|else\b|role\b|history\b|_\.role\b)|^\{[%#]/;
const roleLine = /^[ \t]*#?[ \t]*(?:system|user|assistant|developer)[ \t]*(?:\[[^\]]*\])?:[ \t]*\r?$/gim;

/** Splits a text into what is always sent and what is filled in. */
export function readTemplate(source: string, body: Span, style: TemplateStyle): Template {
  const text = source.slice(body.start, body.end);
  const cuts = findPlaceholders(text, style);
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
