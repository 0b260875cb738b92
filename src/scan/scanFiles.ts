import { speaksOfLlm } from '../detect/evidence.ts';
import type { Detector, Finding } from '../detect/finding.ts';
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

interface Part {
  readonly text: string;
  readonly findings: readonly Finding[];
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
  { signal, exclude = [], onProgress }: ScanOptions,
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
    else waiting.push(openFile(deps, file.path));
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
async function openFile(deps: ScanDeps, path: string): Promise<FileReport | (() => Promise<FileReport>)> {
  let bytes: Uint8Array;
  try {
    bytes = await deps.disk.read(path);
  } catch (error) {
    return { kind: 'unreadable', path, error };
  }
  return async () => {
    const read = readText(bytes);
    if (read.kind === 'skipped') return { kind: 'skipped', path, reason: read.reason };
    return { kind: 'scanned', path, findings: await findingsOf(deps, path, read.text) };
  };
}

async function findingsOf(deps: ScanDeps, path: string, text: string): Promise<ReportedFinding[]> {
  const parts = await detectParts(deps.detector, path, text);
  const inFile = parts.flatMap(({ findings }) => findings);
  const reported = await Promise.all(parts.map((part) => reportFindings({ ...part, inFile }, deps)));
  return reported.flat();
}

/** A file is one part, a notebook one per code cell. */
async function detectParts(detector: Detector, path: string, text: string): Promise<Part[]> {
  const languageId = sourceLanguage(path) ?? 'plaintext';
  if (languageId !== 'notebook') return [{ text, findings: await detector.detect({ languageId, path, text }) }];
  const cells = notebookCells(text) ?? [];
  const aboutLlm = cells.some((cell) => speaksOfLlm(cell.text));
  const parts: Part[] = [];
  for (const { index, languageId: language, text: source } of cells) {
    const findings = await detector.detect({ languageId: language, path, text: source, aboutLlm });
    parts.push({ text: source, findings, cell: index });
  }
  return parts;
}
