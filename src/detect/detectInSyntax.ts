import type { Evidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import { JudgedSource } from './kept/judgedSource.ts';
import type { ModelTextReader } from './rules/modelText.ts';
import type { Grammar } from './syntax/createSyntax.ts';
import { readParsedSource } from './syntax/parsedSource.ts';

/** Findings of a source in a language that has a table, in document order. Nothing of it is kept. */
export function detectInSyntax(
  source: string,
  grammar: Grammar,
  models: ModelTextReader,
  evidence: Evidence,
): Finding[] {
  const tree = grammar.parse(source);
  try {
    return new JudgedSource(models, evidence).findings(readParsedSource(source, grammar, tree), []);
  } finally {
    tree.delete();
  }
}
