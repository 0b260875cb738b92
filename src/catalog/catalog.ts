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
  /** ISO date, or true where the source gives none. */
  readonly deprecated?: string | true;
  /** ISO date from which the provider calls it deprecated or no longer serves it, where one is known. */
  readonly deprecatedOn?: string;
  /** The model, of the same provider and unqualified, that the provider names in its place. */
  readonly successor?: string;
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
   * Never by substring. A provider the catalogue has no prices of (`ollama`, a gateway) sells no known model,
   * unless an override names it.
   * @param text a model id, qualified (`openai/gpt-4o`) or not
   * @param provider decides between providers that sell the same id
   */
  lookup(text: string, provider?: string): ModelLookup;
  /** The model that an identifier is named after: `openai.GPT4oMini`, `ChatModel.CLAUDE_3_5_SONNET_20241022`. */
  lookupIdentifier(identifier: string): ModelLookup;
  /**
   * True when `text` is an id, a qualified id or a dated snapshot of one that the catalogue knows, and can only be that:
   * ordinary words and very short ids (`command`, `o1`) need a model position, and `lookup`. Cheap: asked for every
   * string literal.
   */
  hasExactId(text: string): boolean;
  models(): Iterable<CatalogModel>;
}
