import type { Cost } from '../catalog/cost.ts';
import { formatUsd, formatUsdPerMTok } from '../catalog/formatUsd.ts';
import type { FileReport, ReportedFinding } from '../scan/fileReport.ts';
import { addFinding, compareTotals, type FindingTotals, noFindings } from '../scan/groupFindings.ts';
import type { NamedModel } from '../scan/nameModel.ts';
import { promptExcerpt } from '../scan/promptExcerpt.ts';
import type { TokenCount } from '../tokens/tokenCount.ts';

const unknownPrice = 'price unknown';

function rates({ lookup }: NamedModel): string {
  const figures = lookup.kind === 'known' ? lookup.model.price?.usdPerMTok : undefined;
  if (figures?.input === undefined) return unknownPrice;
  const input = `${formatUsdPerMTok(figures.input)} in`;
  return figures.output === undefined ? `${input} per M` : `${input} / ${formatUsdPerMTok(figures.output)} out per M`;
}

function tokensText(tokens: TokenCount | undefined): string {
  if (!tokens) return 'not counted';
  return `${tokens.basis === 'estimated' ? '~' : ''}${tokens.tokens.toLocaleString('en-US')} tok`;
}

function costText(cost: Cost | undefined): string {
  if (!cost) return '';
  if (cost.status === 'unpriced') return unknownPrice;
  if (cost.status === 'notBilled') return 'not billed';
  return `${cost.status === 'estimated' ? '~' : ''}${formatUsd(cost.picoUsd)} in`;
}

function findingLine(reported: ReportedFinding): string {
  const { finding, start, cell, model } = reported;
  const place = `${cell === undefined ? '' : `cell ${cell + 1}, `}${start.line + 1}:${start.col + 1}`.padEnd(12);
  const kind = finding.kind.padEnd(6);
  if (finding.kind !== 'prompt') {
    const name = model?.alias === undefined ? (model?.name ?? finding.text) : `${model.alias} → ${model.name}`;
    return `  ${place} ${kind} ${name}  ${model ? rates(model) : unknownPrice}`;
  }
  const cost = costText(reported.inputCost);
  const holes =
    finding.holes.length > 0 ? ` + ${finding.holes.length} variable${finding.holes.length > 1 ? 's' : ''}` : '';
  const session = finding.perSession ? ' per session' : '';
  const text = promptExcerpt(finding, 48);
  return `  ${place} ${kind} ${tokensText(reported.tokens)}${holes}${cost ? `  ${cost}` : ''}${session}  "${text}"`;
}

/** The lines of one file for people; empty where it has no findings. */
export function scanTableOf(file: string, report: FileReport): string {
  if (report.kind !== 'scanned' || report.findings.length === 0) return '';
  return `${[file, ...report.findings.map(findingLine)].join('\n')}\n\n`;
}

/** Sums over the files of a scan, a model at a time: the findings themselves are not kept. */
export class ScanTotals {
  private readonly models = new Map<string, FindingTotals>();
  private files = 0;
  private findings = 0;

  add(report: FileReport): void {
    if (report.kind !== 'scanned') return;
    this.files++;
    this.findings += report.findings.length;
    for (const reported of report.findings) {
      const name = reported.model?.name ?? '(no model known)';
      this.models.set(name, addFinding(this.models.get(name) ?? noFindings, reported));
    }
  }

  /** The closing table: per model its mentions, prompts, tokens and what sending each prompt once would cost. */
  toString(): string {
    const rows = [...this.models].sort(([, a], [, b]) => compareTotals(a, b));
    const width = Math.max(5, ...rows.map(([name]) => name.length));
    const lines = rows.map(([name, total]) => {
      const mentions = `${total.mentions} mention${total.mentions === 1 ? '' : 's'}`.padStart(16);
      const prompts = `${total.prompts} prompt${total.prompts === 1 ? '' : 's'}`.padStart(16);
      if (total.counted === 0) return `  ${name.padEnd(width)}${mentions}${prompts}`;
      const mark = total.estimated ? '~' : '';
      const tokens = `${mark}${total.tokens.toLocaleString('en-US')} tok`.padStart(16);
      const cost = total.unpriced > 0 ? unknownPrice : `${mark}${formatUsd(total.picoUsd)} in`;
      return `  ${name.padEnd(width)}${mentions}${prompts}${tokens}  ${cost}`;
    });
    const heading = `${this.findings} finding${this.findings === 1 ? '' : 's'} in ${this.files} file${this.files === 1 ? '' : 's'} read`;
    const note = rows.some(([, total]) => total.counted > 0)
      ? '\nCosts are for the input of each prompt sent once, variables not counted.'
      : '';
    return `${[heading, ...lines].join('\n')}${note}\n`;
  }
}
