import type { FileReport, ReportedFinding } from '../scan/fileReport.ts';

/** USD from picodollars, for machines: a plain number, exact to fifteen digits. */
const usd = (picoUsd: number): number => picoUsd / 1e12;

function modelFields({ finding, model }: ReportedFinding): object {
  if (!model) return {};
  const price = model.lookup.kind === 'known' ? model.lookup.model.price : undefined;
  return {
    model: model.name,
    ...(model.alias === undefined ? {} : { alias: model.alias }),
    ...(finding.kind === 'prompt' ? {} : { usdPerMTok: price?.usdPerMTok ?? null }),
  };
}

function promptFields({ finding, tokens, inputCost, model }: ReportedFinding): object {
  if (finding.kind !== 'prompt') return {};
  const priced = inputCost && 'picoUsd' in inputCost ? usd(inputCost.picoUsd) : null;
  return {
    ...(finding.role ? { role: finding.role } : {}),
    ...(finding.perSession ? { perSession: true } : {}),
    holes: finding.holes.length,
    ...(tokens ? { tokens: tokens.tokens, tokensBasis: tokens.basis } : {}),
    ...(tokens && model ? { inputUsd: priced } : {}),
  };
}

function findingFields(reported: ReportedFinding): object {
  const { finding, start, end, cell } = reported;
  const text = finding.kind === 'prompt' ? finding.parts.map((part) => part.text).join('') : finding.text;
  return {
    kind: finding.kind,
    line: start.line,
    col: start.col,
    endLine: end.line,
    endCol: end.col,
    ...(cell === undefined ? {} : { cell }),
    text,
    ...modelFields(reported),
    ...promptFields(reported),
  };
}

/** One line of `scan --json`. @param file the path as it is to be shown @param more further properties of a file that was read */
export function scanJsonLine(file: string, report: FileReport, more: object = {}): string {
  switch (report.kind) {
    case 'scanned':
      return JSON.stringify({ file, findings: report.findings.map(findingFields), ...more });
    case 'skipped':
      return JSON.stringify({ file, findings: [], skipped: report.reason });
    case 'unreadable':
      return JSON.stringify({ file, findings: [], problem: 'unreadable' });
  }
}
