import { GrammarNotLoaded } from '../detect/errors.ts';
import { speaksOfLlm } from '../detect/evidence.ts';
import type { Detector, Finding, SourceText } from '../detect/finding.ts';
import { sourceLanguage } from '../detect/sourceLanguage.ts';
import type { Disk } from './disk.ts';
import { excludeGlobs } from './excludeGlobs.ts';
import type { FileReport, ReportedFinding } from './fileReport.ts';
import { notebookCells } from './notebookCells.ts';
import { readText } from './readText.ts';
import { type ReportDeps, reportFindings } from './reportFindings.ts';
import { walkFiles } from './walkFiles.ts';

export interface ScanDeps extends ReportDeps {
  readonly disk: Disk;
  readonly detector: Detector;
}

/** Files read ahead of the one being detected in: detection has one thread, the disk waits for nobody. */
const readAhead = 16;

/** A file, or one code cell of a notebook, with what was found in it. */
export interface ScannedPart {
  readonly source: SourceText;
  readonly findings: readonly Finding[];
  /** Place of the cell among all cells. */
  readonly cell?: number;
}

/** How far a scan has come. How many files there will be is not known while folders are still being walked. */
export interface ScanProgress {
  /** Source files met by the walk so far. */
  readonly seen: number;
  /** Files reported so far, this one included. */
  readonly done: number;
  /** Findings in them. */
  readonly findings: number;
  /** The walk is over: `seen` is all there are. */
  readonly walked: boolean;
}

export interface ScanOptions {
  /** Ends the scan after the file in work; what was reported stands. */
  readonly signal: AbortSignal;
  /**
   * Globs relative to the scanned folder, left out beside what `.gitignore` says: those of VS Code's `files.exclude`
   * that are on, and those of `tollgate.exclude`.
   */
  readonly exclude?: readonly string[];
  /** Called with what a file is made of, before its report is given, and waited for. */
  readonly onDetected?: (path: string, parts: readonly ScannedPart[]) => Promise<void>;
  /** Called for each file, before its report is given: throttle it where it is shown. */
  readonly onProgress?: (progress: ScanProgress) => void;
}

/**
 * Scans a file or folder: one report per file, in the order of the walk, also for files without findings. Nothing
 * rejects because of one file; what cannot be read is reported as such. Memory does not grow with the number of files.
 */
export async function* scanFiles(
  deps: ScanDeps,
  path: string,
  { signal, exclude = [], onDetected, onProgress }: ScanOptions,
): AsyncGenerator<FileReport> {
  const progress = { seen: 0, done: 0, findings: 0, walked: false };
  const tell = (report: FileReport): FileReport => {
    progress.done++;
    if (report.kind === 'scanned') progress.findings += report.findings.length;
    onProgress?.({ ...progress });
    return report;
  };
  const waiting: Promise<FileReport | (() => Promise<FileReport>)>[] = [];
  const finish = async (next: (typeof waiting)[number] | undefined): Promise<FileReport | undefined> => {
    const read = await next;
    return typeof read === 'function' ? read() : read;
  };
  for await (const file of walkFiles(deps.disk, path, { signal, excludes: excludeGlobs(exclude) })) {
    progress.seen++;
    if (file.kind === 'problem')
      waiting.push(Promise.resolve({ kind: 'unreadable', path: file.path, error: file.error }));
    else waiting.push(openFile(deps, file.path, onDetected));
    if (waiting.length < readAhead) continue;
    const report = await finish(waiting.shift());
    if (report) yield tell(report);
  }
  progress.walked = true;
  while (waiting.length > 0 && !signal.aborted) {
    const report = await finish(waiting.shift());
    if (report) yield tell(report);
  }
}

/** Reads a file; what it resolves to then detects in it. */
async function openFile(
  deps: ScanDeps,
  path: string,
  onDetected: ScanOptions['onDetected'],
): Promise<FileReport | (() => Promise<FileReport>)> {
  let bytes: Uint8Array;
  try {
    bytes = await deps.disk.read(path);
  } catch (error) {
    return { kind: 'unreadable', path, error };
  }
  return async () => {
    const read = readText(bytes);
    if (read.kind === 'skipped') return { kind: 'skipped', path, reason: read.reason };
    let parts: readonly ScannedPart[];
    try {
      parts = await detectParts(deps.detector, path, read.text);
    } catch (error) {
      if (error instanceof GrammarNotLoaded) throw error;
      // A source that a parser gives up on ends nothing else.
      return { kind: 'unreadable', path, error };
    }
    await onDetected?.(path, parts);
    return { kind: 'scanned', path, findings: await findingsOf(deps, parts) };
  };
}

async function findingsOf(deps: ScanDeps, parts: readonly ScannedPart[]): Promise<ReportedFinding[]> {
  const inFile = parts.flatMap(({ findings }) => findings);
  const reported = await Promise.all(
    parts.map((part) => reportFindings({ ...part, text: part.source.text, inFile }, deps)),
  );
  return reported.flat();
}

/** A file is one part, a notebook one per code cell. */
async function detectParts(detector: Detector, path: string, text: string): Promise<ScannedPart[]> {
  const languageId = sourceLanguage(path) ?? 'plaintext';
  if (languageId !== 'notebook') {
    const source = { languageId, path, text };
    return [{ source, findings: await detector.detect(source) }];
  }
  const cells = notebookCells(text) ?? [];
  const aboutLlm = cells.some((cell) => speaksOfLlm(cell.text));
  const parts: ScannedPart[] = [];
  for (const { index, languageId: language, text: inCell } of cells) {
    const source = { languageId: language, path, text: inCell, aboutLlm };
    parts.push({ source, findings: await detector.detect(source), cell: index });
  }
  return parts;
}
