import type { FileReport, ReportedFinding } from '../../scan/fileReport.ts';
import type { ShowPath } from './scanText.ts';

/** A finding as a line of a table. Lines and columns count from 1, as editors show them. */
export interface ExportRow {
  readonly file: string;
  readonly cell: number | null;
  readonly line: number;
  readonly column: number;
  readonly kind: 'model' | 'const' | 'prompt';
  readonly model: string | null;
  readonly alias: string | null;
  readonly tokens: number | null;
  readonly tokensBasis: 'exact' | 'estimated' | null;
  /** Null where no price is known. */
  readonly inputUsd: number | null;
  readonly costStatus: string | null;
  /** Of a prompt the beginning. */
  readonly text: string;
}

const columns = [
  'file',
  'cell',
  'line',
  'column',
  'kind',
  'model',
  'alias',
  'tokens',
  'tokensBasis',
  'inputUsd',
  'costStatus',
  'text',
] as const satisfies readonly (keyof ExportRow)[];

export function exportRows(reports: readonly FileReport[], showPath: ShowPath): ExportRow[] {
  return reports.flatMap((report) =>
    report.kind === 'scanned' ? report.findings.map((finding) => rowOf(showPath(report.path), finding)) : [],
  );
}

function rowOf(file: string, { finding, start, cell, model, tokens, inputCost }: ReportedFinding): ExportRow {
  return {
    file,
    cell: cell === undefined ? null : cell + 1,
    line: start.line + 1,
    column: start.col + 1,
    kind: finding.kind,
    model: model?.name ?? null,
    alias: model?.alias ?? null,
    tokens: tokens?.tokens ?? null,
    tokensBasis: tokens?.basis ?? null,
    inputUsd: inputCost && 'picoUsd' in inputCost ? inputCost.picoUsd / 1e12 : null,
    costStatus: inputCost?.status ?? null,
    text: finding.kind === 'prompt' ? finding.parts.map(({ text }) => text).join('') : finding.text,
  };
}

export function toJson(rows: readonly ExportRow[]): string {
  return `${JSON.stringify(rows, null, 2)}\n`;
}

export function toCsv(rows: readonly ExportRow[]): string {
  const lines = rows.map((row) => columns.map((column) => csvField(row[column])).join(','));
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`;
}

/** RFC 4180; a text that a spreadsheet would take for a formula is kept a text. */
function csvField(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
