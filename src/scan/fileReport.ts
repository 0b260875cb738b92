import type { Cost } from '../catalog/cost.ts';
import type { Finding } from '../detect/finding.ts';
import type { TokenCount } from '../tokens/tokenCount.ts';
import type { LinePosition } from './linePositions.ts';
import type { NamedModel } from './nameModel.ts';
import type { SkipReason } from './readText.ts';

export interface ReportedFinding {
  readonly finding: Finding;
  readonly start: LinePosition;
  readonly end: LinePosition;
  /** Of a notebook: the cell, 0-based among all cells; positions are within it. */
  readonly cell?: number;
  /** Of a mention or constant: the model itself; of a prompt: the model it goes to, where that is known. */
  readonly model?: NamedModel;
  /** Of a prompt: its static text. Absent where nothing counts tokens. */
  readonly tokens?: TokenCount;
  /** Of a prompt whose tokens are counted and whose model is known: its input, once. */
  readonly inputCost?: Cost;
}

/** What came of one file. */
export type FileReport =
  | { readonly kind: 'scanned'; readonly path: string; readonly findings: readonly ReportedFinding[] }
  | { readonly kind: 'skipped'; readonly path: string; readonly reason: SkipReason }
  | { readonly kind: 'unreadable'; readonly path: string; readonly error: unknown };
