import type { Price } from './price.ts';

/** How a model's text is counted: `o200k` and `cl100k` exactly, the others by a ratio to o200k with an error band. */
export type TokenizerFamily = string;

export interface CatalogModel {
  /** `openai`, `anthropic`, `google` … */
  readonly provider: string;
  /** The provider's own name of the model, unqualified. */
  readonly id: string;
  readonly price: Price | undefined;
  readonly tokenizer: TokenizerFamily;
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  /** ISO date. */
  readonly deprecated?: string;
}

/** How a string became a model: `exact` id, `rule` of the catalogue, or a `dated` snapshot priced as its base model. */
export type ModelMatch = 'exact' | 'rule' | 'dated';

export type ModelLookup =
  | { readonly kind: 'known'; readonly model: CatalogModel; readonly match: ModelMatch }
  | { readonly kind: 'unknown'; readonly id: string };

/** Models and dated prices. Made by `loadCatalog`. */
export interface Catalog {
  readonly asOf: string;
  /**
   * Looks a model id up: exact id, provider prefix stripped and kept as a hint, match rule, dated snapshot to base.
   * Never by substring.
   * @param text a model id, qualified (`openai/gpt-4o`) or not
   * @param provider decides between providers that sell the same id
   */
  lookup(text: string, provider?: string): ModelLookup;
  /** True when `text` is an id, or a qualified id, that the catalogue names in full. Cheap: asked for every string literal. */
  hasExactId(text: string): boolean;
  models(): Iterable<CatalogModel>;
}
