import type { CostStatus } from '../catalog/cost.ts';
import type { ServiceTier } from '../catalog/price.ts';
import type { Usage } from '../catalog/usage.ts';

/**
 * How the cache answered. `hit…` and `joined` (single flight) are calls without an attempt.
 * `shadow…` would have hit but the mode is `shadow`.
 */
export type CacheOutcome =
  | 'hitExact'
  | 'hitWording'
  | 'hitSemantic'
  | 'joined'
  | 'shadowExact'
  | 'shadowWording'
  | 'shadowSemantic'
  | 'miss'
  | 'bypass';

/** What a client asked for: one row. */
export interface CallRow {
  readonly id: string;
  readonly workspaceId: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** `chat.completions`, `responses`, `embeddings`, `messages`, `batch`, or `other` (passed through, not metered). */
  readonly endpoint: string;
  readonly stream: boolean;
  /** False for what was passed through unread: shown as such, never as free. */
  readonly metered: boolean;
  /** As the client wrote it. */
  readonly modelRequested?: string;
  readonly alias?: string;
  /** `provider/model` that made the answer, for hits that of the stored one. Absent = the last attempt's, else as requested. */
  readonly model?: string;
  readonly route?: string;
  readonly cache: CacheOutcome;
  readonly cacheReason?: string;
  /** What the answer cost when it was made, for hits; what it would have saved, for shadow hits. Absent = not known. */
  readonly savedPicoUsd?: number;
  /** HTTP status sent to the client; 499 = the client went away. */
  readonly status: number;
  readonly errorClass?: string;
  readonly userPseudonym?: string;
  readonly feature?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly session?: string;
  readonly branch?: string;
  /** One run of tests, as its client names it. */
  readonly testRun?: string;
  readonly commit?: string;
  readonly callSite?: string;
  readonly client?: string;
  /** What spending limits counted for attempts whose cost is not known, beyond the cost of the others. */
  readonly uncostedPicoUsd?: number;
  /** Time spent in Tollgate itself, not upstream. */
  readonly overheadMs: number;
}

/** One request to an upstream for a call. */
export interface AttemptRow {
  readonly id: string;
  readonly callId: string;
  readonly index: number;
  readonly provider: string;
  /** The model the provider says it ran; else the one asked for. */
  readonly model: string;
  /** Answered by the built-in demo provider: priced like the real model, billed by nobody. */
  readonly demo: boolean;
  readonly serviceTier: ServiceTier;
  readonly startedAtMs: number;
  readonly firstByteAtMs?: number;
  readonly endedAtMs: number;
  /** 0 = no answer (connection failed). */
  readonly status: number;
  readonly errorClass?: string;
  readonly finishReason?: string;
  readonly usage: Usage;
  /** The provider's own usage object, as JSON text. */
  readonly usageRaw?: string;
  readonly costStatus: CostStatus;
  readonly costReason?: string;
  /** Absent exactly when `costStatus` is `unpriced` or `notBilled`. */
  readonly costPicoUsd?: number;
  readonly priceId?: string;
}
