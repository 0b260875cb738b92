import type { Attribution } from '../attribution/attribution.ts';
import type { Usage } from '../catalog/usage.ts';
import type { AliasConfig, Config, Target } from '../config/config.ts';
import type { JsonObject } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';

/** What a limit is asked about, before the cache and before any upstream. */
export interface LimitedCall {
  readonly workspaceId: string;
  readonly callId: string;
  readonly request: ParsedRequest;
  readonly alias: { readonly name: string; readonly config: AliasConfig } | undefined;
  /** As planned: the first is asked first. */
  readonly targets: readonly [Target, ...Target[]];
  readonly attribution: Attribution;
  /** What routed the call, as its row will say; undefined where the client named its model. */
  readonly route: string | undefined;
  readonly config: Config;
  /** `x-tollgate-max-cost-usd`: a client may only lower. */
  readonly maxCostUsd: number | undefined;
  /** `x-tollgate-pin: 0,-3`: messages that are not to be left out, by their place; negative ones count from the end. */
  readonly pins?: readonly number[];
  /** A target that runs on the user's own machine: without a price it costs nothing. */
  readonly isLocal: (target: Target) => boolean;
  /** The call can be sent to a lower tier where a limit asks for it. */
  readonly mayDowngrade: boolean;
}

/** An attempt that costs something, and nobody knows what. */
export interface UncostedAttempt {
  readonly provider: string;
  /** Empty = not known either. */
  readonly usage: Usage;
}

export type Admission =
  | {
      readonly kind: 'admitted';
      /** Replacement of the body (truncated input, clamped output); absent = the body as it came. */
      readonly bytes?: Uint8Array;
      /** What `bytes` say, where it is known without reading them again: the client's body with some members changed. */
      readonly body?: JsonObject;
      /** Explain headers, `x-tollgate-truncated: dropped=12;tokens=8400`. */
      readonly headers?: readonly (readonly [name: string, value: string])[];
      /** Ask only these of the planned targets, in their planned order; absent = as planned. */
      readonly targets?: readonly Target[];
      /** Called once, with what the call cost in the end (0 for hits and failures). Never throws. */
      readonly settle?: (picoUsd: number) => void;
      /** What limits count for an attempt whose cost is not known, in picodollars; it is settled with what is known. */
      readonly uncosted?: (attempt: UncostedAttempt) => number;
    }
  /** What is left of a limit does not cover the call at its tier; only where `mayDowngrade`. */
  | {
      readonly kind: 'downgrade';
      /** Of the limit, as told to the user. */
      readonly scope: string;
      /** The alias to go to; absent = the next lower tier. */
      readonly to?: string;
      /** For the client, where there is nowhere to go. */
      readonly refusal: LimitRefused;
    }
  | LimitRefused;

export interface LimitRefused {
  readonly kind: 'refused';
  /** 402 for money, 400 for tokens. */
  readonly status: number;
  /** `budget_exceeded`, `model_unpriced`, `context_length_exceeded` … */
  readonly code: string;
  /** For the user, with its remedy. */
  readonly message: string;
}

/** Token limits and spending limits. */
export interface Limits {
  admit(call: LimitedCall): Admission | Promise<Admission>;
}
