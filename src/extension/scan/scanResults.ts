import type { FileReport } from '../../scan/fileReport.ts';
import {
  countFinding,
  type FindingGroup,
  type FindingTotals,
  type Grouping,
  type GrowingTotals,
  groupFindings,
  noFindings,
} from '../../scan/groupFindings.ts';

export type ScanState = 'none' | 'running' | 'done' | 'cancelled' | 'failed';

/** What the scans of all folders have found so far, brought together as it is asked for. */
export class ScanResults {
  #reports: FileReport[] = [];
  readonly #totals: GrowingTotals = { ...noFindings };
  #unreadable: string[] = [];
  #filesOf = new Map<string, number>();
  #groups: { readonly by: Grouping; readonly groups: readonly FindingGroup[] } | undefined;
  state: ScanState = 'none';

  /** Source files read, with findings or without. */
  get files(): number {
    return [...this.#filesOf.values()].reduce((sum, files) => sum + files, 0);
  }

  get totals(): FindingTotals {
    return this.#totals;
  }

  get findings(): number {
    return this.#totals.mentions + this.#totals.prompts;
  }

  /** Files and folders that could not be read. */
  get unreadable(): readonly string[] {
    return this.#unreadable;
  }

  get reports(): readonly FileReport[] {
    return this.#reports;
  }

  /** @param done files of the folder read so far */
  add(folder: string, reports: readonly FileReport[], done: number): void {
    this.#filesOf.set(folder, done);
    this.#groups = undefined;
    for (const report of reports) {
      this.#reports.push(report);
      if (report.kind === 'unreadable') this.#unreadable.push(report.path);
      if (report.kind !== 'scanned') continue;
      for (const finding of report.findings) countFinding(this.#totals, finding);
    }
  }

  groups(by: Grouping): readonly FindingGroup[] {
    if (this.#groups?.by !== by) this.#groups = { by, groups: groupFindings(this.#reports, by) };
    return this.#groups.groups;
  }
}
