import type { AliasReference } from '../../advice/aliasReferences.ts';
import type { Config } from '../../config/config.ts';
import type { FileReport } from '../../scan/fileReport.ts';
import type { LinePosition } from '../../scan/linePositions.ts';
import type { ScanProgress } from '../../scan/scanFiles.ts';

/** One folder and what holds for it. */
export interface ScanJob {
  /** Absolute. */
  readonly folder: string;
  /** Globs relative to the folder that are left out. */
  readonly exclude: readonly string[];
  readonly aliases: Config['aliases'];
  readonly overrides: Config['prices']['overrides'];
  /** The parsed price data in force. */
  readonly prices: unknown;
}

/** An alias named in a file. */
export interface AliasHit extends Pick<AliasReference, 'alias' | 'member'> {
  readonly path: string;
  /** Of a notebook: the cell, 0-based among all; positions are within it. */
  readonly cell?: number;
  /** Of the name alone. */
  readonly start: LinePosition;
  readonly end: LinePosition;
}

export type ScanRequest =
  /** Everything in the folder. */
  | { readonly kind: 'scan'; readonly id: number; readonly job: ScanJob }
  /** Where the folder's files name one of these aliases of the job. */
  | { readonly kind: 'aliases'; readonly id: number; readonly job: ScanJob; readonly names: readonly string[] }
  | { readonly kind: 'cancel'; readonly id: number };

export type ScanReply =
  /** The texts of prompts are cut to an excerpt, counts and costs are of the whole. */
  | {
      readonly kind: 'reports';
      readonly id: number;
      readonly reports: readonly FileReport[];
      readonly progress: ScanProgress;
    }
  | { readonly kind: 'hits'; readonly id: number; readonly hits: readonly AliasHit[] }
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** Where the worker finds the extension's files. */
export interface ScanWorkerData {
  readonly extensionPath: string;
}

const replyKinds = new Set<unknown>(['reports', 'hits', 'done', 'failed']);
const requestKinds = new Set<unknown>(['scan', 'aliases', 'cancel']);

function hasKind(message: unknown, kinds: ReadonlySet<unknown>): boolean {
  return typeof message === 'object' && message !== null && 'kind' in message && kinds.has(message.kind);
}

/** Both ends are of one build, so that the kind tells the shape. */
export function isScanReply(message: unknown): message is ScanReply {
  return hasKind(message, replyKinds);
}

export function isScanRequest(message: unknown): message is ScanRequest {
  return hasKind(message, requestKinds);
}
