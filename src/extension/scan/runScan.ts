import { findMapMembers } from '../../advice/findMapMembers.ts';
import { loadCatalog } from '../../catalog/loadCatalog.ts';
import { createDetector } from '../../detect/createDetector.ts';
import type { Detector, Finding } from '../../detect/finding.ts';
import type { SyntaxSource } from '../../detect/syntax/createSyntax.ts';
import type { Disk } from '../../scan/disk.ts';
import type { FileReport, ReportedFinding } from '../../scan/fileReport.ts';
import { promptExcerpt } from '../../scan/promptExcerpt.ts';
import { type ScanProgress, scanFiles } from '../../scan/scanFiles.ts';
import type { TokenCounter } from '../../tokens/tokenCount.ts';
import { findAliases } from './findAliases.ts';
import type { ScanJob, ScanReply, ScanRequest } from './scanMessages.ts';

export interface RunScanDeps extends SyntaxSource {
  readonly disk: Disk;
  readonly counter: TokenCounter;
  readonly reply: (reply: ScanReply) => void;
  readonly now: () => number;
}

/** Reports are sent together, so that the window's loop has a few messages to read and not one per file. */
const sendEveryMs = 100;
/** So that one message never takes long to read. */
const mostFindingsSent = 500;
const excerptLength = 120;

/** Does the work of one request; `done` or `failed` is its last reply. Nothing but a defect rejects. */
export async function runScan(
  deps: RunScanDeps,
  request: Exclude<ScanRequest, { kind: 'cancel' }>,
  signal: AbortSignal,
): Promise<void> {
  const { id, job } = request;
  const detector = jobDetector(deps, job);
  try {
    if (request.kind === 'scan') await scan(deps, detector, id, job, signal);
    else
      for await (const hits of findAliases({ disk: deps.disk, detector }, job, request.names, signal))
        deps.reply({ kind: 'hits', id, hits });
    deps.reply({ kind: 'done', id });
  } catch (error) {
    deps.reply({
      kind: 'failed',
      id,
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  } finally {
    detector.dispose();
  }
}

/** Sees the members of the generated map too, as the editor does. */
function jobDetector(deps: RunScanDeps, job: ScanJob): Detector {
  const names = new Set(Object.keys(job.aliases));
  const detector = createDetector({ ...deps, catalog: loadCatalog(job.prices, {}), aliases: () => names });
  return {
    ...detector,
    async detect(source) {
      const members = findMapMembers(source, [...names]);
      const found = await detector.detect(source);
      return members.length === 0 ? found : [...found, ...members].sort((a, b) => a.span.start - b.span.start);
    },
  };
}

async function scan(
  deps: RunScanDeps,
  detector: Detector,
  id: number,
  job: ScanJob,
  signal: AbortSignal,
): Promise<void> {
  const { disk, counter } = deps;
  const catalog = loadCatalog(job.prices, job.overrides);
  let progress: ScanProgress = { seen: 0, done: 0, findings: 0, walked: false };
  let reports: FileReport[] = [];
  let findings = 0;
  let sentAtMs = deps.now();
  const send = (): void => {
    deps.reply({ kind: 'reports', id, reports, progress });
    reports = [];
    findings = 0;
    sentAtMs = deps.now();
  };
  const options = {
    signal,
    exclude: job.exclude,
    onProgress: (latest: ScanProgress) => {
      progress = latest;
    },
  };
  for await (const report of scanFiles(
    { disk, catalog, detector, counter, aliases: job.aliases },
    job.folder,
    options,
  )) {
    // Files without findings are in the progress.
    if (report.kind !== 'scanned' || report.findings.length > 0) reports.push(shortened(report));
    if (report.kind === 'scanned') findings += report.findings.length;
    if (findings >= mostFindingsSent || deps.now() - sentAtMs >= sendEveryMs) send();
  }
  send();
}

/** Without the texts of prompts, of which a line is shown. */
function shortened(report: FileReport): FileReport {
  if (report.kind === 'unreadable') return { ...report, error: String(report.error) };
  if (report.kind !== 'scanned') return report;
  return { ...report, findings: report.findings.map(withExcerpt) };
}

function withExcerpt(reported: ReportedFinding): ReportedFinding {
  const finding: Finding = reported.finding;
  if (finding.kind !== 'prompt') return reported;
  const [first] = finding.parts;
  const text = promptExcerpt(finding, excerptLength);
  return { ...reported, finding: { ...finding, parts: first ? [{ span: first.span, text }] : [] } };
}
