import type { Prompt, SourceText, Span } from '../detect/finding.ts';
import type { TextEdit } from './aliasEdit.ts';
import type { RuleId } from './ruleIds.ts';

const marker = /tollgate-ignore\b[: \t]*([\w,\- \t]*)/;

const hashLanguages = new Set([
  'python',
  'ruby',
  'shellscript',
  'yaml',
  'toml',
  'r',
  'perl',
  'dockerfile',
  'elixir',
  'julia',
  'terraform',
]);
const slashLanguages = new Set(
  'javascript javascriptreact typescript typescriptreact go java kotlin csharp rust php swift scala groovy dart c cpp jsonc'.split(
    ' ',
  ),
);

function lineAt(text: string, offset: number): Span {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return { start, end: end < 0 ? text.length : end };
}

function names(line: string, rule: RuleId): boolean {
  const match = marker.exec(line);
  if (!match) return false;
  const rules = (match[1] ?? '').split(/[\s,]+/).filter((word) => word.includes('-'));
  return rules.length === 0 || rules.includes(rule);
}

/** A comment `tollgate-ignore RULE` stands on the line, or alone on the line above; without a rule it means every rule. */
export function isIgnored(text: string, { start }: Span, rule: RuleId): boolean {
  const line = lineAt(text, start);
  if (names(text.slice(line.start, line.end), rule)) return true;
  if (line.start === 0) return false;
  const above = lineAt(text, line.start - 1);
  const before = text.slice(above.start, above.end);
  return /^\s*(?:#|\/\/|\/\*|\*|--|\{\/\*)/.test(before) && names(before, rule);
}

/** Puts the comment on a line of its own above; undefined where there is no comment, or no place for one. */
export function ignoreEdit(
  { languageId, text }: SourceText,
  span: Span,
  rule: RuleId,
  prompts: readonly Prompt[],
): TextEdit | undefined {
  const sign = hashLanguages.has(languageId) ? '#' : slashLanguages.has(languageId) ? '//' : undefined;
  if (sign === undefined) return undefined;
  const { start } = lineAt(text, span.start);
  // Inside a literal, in markup, or behind a line that is continued, a comment would be text.
  const inText = prompts.some((prompt) => prompt.span.start < start && start < prompt.span.end);
  const before = text.slice(0, start).trimEnd();
  const ownLine = text.slice(start, span.start);
  if (inText || before.endsWith('\\') || /^\s*</.test(ownLine) || />$/.test(before)) return undefined;
  const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return { span: { start, end: start }, newText: `${indent}${sign} tollgate-ignore ${rule}${eol}` };
}
