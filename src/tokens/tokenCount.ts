/** A number of tokens and how far it can be trusted. */
export type TokenCount =
  | { readonly basis: 'exact'; readonly tokens: number }
  /** `low`..`high` is the band in which 9 of 10 real counts fell when the ratio was measured. */
  | { readonly basis: 'estimated'; readonly tokens: number; readonly low: number; readonly high: number };

/** Counts texts for one tokenizer family (see `CatalogModel.tokenizer`; undefined = no model known: o200k, estimated). */
export interface TokenCounter {
  /** One count per text, in order. Rejects with `TokenCounterClosed` after `dispose`. */
  count(texts: readonly string[], tokenizer: string | undefined): Promise<TokenCount[]>;
  /** Counts already known, without waiting; undefined where `count` has not yet answered for that text. */
  peek(text: string, tokenizer: string | undefined): TokenCount | undefined;
  dispose(): Promise<void>;
}
