export interface LongFigures {
  readonly above: number;
  readonly inclusive?: boolean | undefined;
  readonly usd: Readonly<Record<string, number>>;
}

/** Figures of one span of time, as `media/PRICES.md` describes them. */
export interface Figures {
  readonly usd?: Readonly<Record<string, number>> | undefined;
  readonly batch?: unknown;
  readonly flex?: unknown;
  readonly priority?: unknown;
  readonly long?: LongFigures | undefined;
  readonly fees?: Readonly<Record<string, number>> | undefined;
  readonly note?: string | undefined;
}

/** One model of `media/prices.json`. */
export interface SnapshotRow extends Figures {
  readonly id: string;
  readonly match?: readonly string[] | undefined;
  readonly before?: readonly (Figures & { readonly until: string })[] | undefined;
  readonly later?: readonly (Figures & { readonly from: string })[] | undefined;
  readonly daily?: readonly (Figures & { readonly from: string | undefined; readonly to: string })[];
  readonly context?: number | undefined;
  readonly maxOutput?: number | undefined;
  readonly tokenizer?: string | undefined;
  readonly deprecated?: string | true | undefined;
  readonly successor?: string | undefined;
}
