import type { PromptCounter } from '../budget/promptCounter.ts';
import type { AnswerCache } from '../cache/answerCache.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Config, KeyReference } from '../config/config.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RouteQuality } from '../routing/createRouteQuality.ts';
import type { TokenCounter } from '../tokens/tokenCount.ts';
import type { Upstream } from './exchange.ts';
import type { Limits } from './limits.ts';

/** Structurally what an editor's log channel is. Never given prompt text or keys. */
export interface ProxyLog {
  debug(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface ProxyClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds from an arbitrary start, with fractions: for durations. */
  monotonicMs(): number;
  /** Resolves after `ms`, or as soon as the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** All figures in milliseconds or bytes. */
export interface ProxyTimeouts {
  /** Until an upstream's response headers, where no fallback shortens it. */
  readonly firstByteMs: number;
  /** Silence within an upstream's answer. */
  readonly idleMs: number;
}

/** Everything `createProxy` needs from outside. */
export interface ProxyDeps {
  readonly clock: ProxyClock;
  /** A new unique id for a call or an attempt. */
  readonly newId: () => string;
  /** In [0, 1). */
  readonly random: () => number;
  /** Prices as this workspace's overrides make them. */
  readonly catalogOf: (workspaceId: string) => Catalog;
  readonly configOf: (workspaceId: string) => Config;
  /** The key itself, from the service's memory or environment. */
  readonly keyOf: (workspaceId: string, reference: KeyReference) => string | undefined;
  /** A base URL the user confirmed for this provider; wins over the configured one. */
  readonly confirmedUpstream: (workspaceId: string, provider: string) => string | undefined;
  readonly upstream: Upstream;
  /** Answers for providers whose base URL is `demo:`. */
  readonly demoUpstream: Upstream;
  readonly ledger: Pick<Ledger, 'record'>;
  readonly answerCache: AnswerCache;
  readonly limits: Limits;
  /** How tiers do; absent = not measured, and no guard moves a route. */
  readonly quality?: RouteQuality;
  readonly tokenCounter: Pick<TokenCounter, 'count'>;
  /** Counts a prompt once for routes and limits; absent = routes count for themselves. */
  readonly prompts?: PromptCounter;
  readonly log: ProxyLog;
  /** Per-install secret for pseudonyms and credential digests. */
  readonly pseudonymKey: Uint8Array;
  readonly timeouts: ProxyTimeouts;
  /** Largest body of a parsed endpoint. */
  readonly maxBodyBytes: number;
}
