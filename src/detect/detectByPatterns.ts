import type { Finding } from './finding.ts';
import { identifierWords } from './identifierWords.ts';
import { selectsModel } from './rules/candidate.ts';
import type { ModelTextReader } from './rules/modelText.ts';

/** `model = "gpt-4o"`, `"model": "gpt-4o"`, `OPENAI_MODEL=gpt-4o`: a model's name, a sign, a value. */
const assignment = /(["'`]?)([\w.$-]{2,60})\1[ \t]*(?::=|=>|[:=])[ \t]*(["'`]?)([\w.:@/-]{2,120})\3(?=[\s,;)}\]]|$)/g;
const comment = /^\s*(?:\/\/|#(?!\w*\[)|\*|--|;|%|<!--|\/\*|")/;
const longestLine = 2_000;

/**
 * Findings without a syntax tree, for languages that have no table and for sources too large for one: only what
 * the catalogue or a family knows, under a name that selects a model, outside comments. Prompts are not looked for.
 */
export function detectByPatterns(source: string, models: ModelTextReader): Finding[] {
  const findings: Finding[] = [];
  for (let start = 0; start < source.length; ) {
    const newline = source.indexOf('\n', start);
    const end = newline < 0 ? source.length : newline;
    const line = end - start > longestLine ? '' : source.slice(start, end);
    if (!comment.test(line)) addMentions(findings, line, start, models);
    start = end + 1;
  }
  return findings;
}

function addMentions(findings: Finding[], line: string, start: number, models: ModelTextReader): void {
  for (const match of line.matchAll(assignment)) {
    const [whole, , name = '', quote = '', value = ''] = match;
    const kind = models.read(value);
    if ((kind !== 'known' && kind !== 'shaped') || !selectsModel(identifierWords(name))) continue;
    const end = start + match.index + whole.length;
    const literal = { start: end - value.length - 2 * quote.length, end };
    const span = { start: literal.start + quote.length, end: literal.end - quote.length };
    findings.push({ kind: 'model', span, literal, text: value, replaceable: false });
  }
}
