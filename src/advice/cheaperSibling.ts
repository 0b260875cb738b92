import type { Catalog, CatalogModel } from '../catalog/catalog.ts';

export interface CheaperModel {
  readonly id: string;
  /** USD per million tokens less. */
  readonly saved: { readonly input: number; readonly output: number };
}

/** What is named where the model has no small sibling of its own generation. */
const smallOfProvider: Readonly<Record<string, readonly string[]>> = {
  openai: ['gpt-5-mini', 'gpt-4.1-mini', 'gpt-4o-mini'],
  anthropic: ['claude-haiku-4-5', 'claude-3-5-haiku-latest'],
  google: ['gemini-2.5-flash', 'gemini-2.0-flash'],
  mistral: ['mistral-small-latest'],
};
const leastShare = 2.5;

/** Names of the small sibling: `gpt-4.1` → `gpt-4.1-mini`, `gemini-2.5-pro` → `gemini-2.5-flash`. */
function siblings({ provider, id }: CatalogModel): string[] {
  const base = id.replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8}|latest)$/, '');
  const renamed = [
    `${base}-mini`,
    base.replace(/-pro\b/, '-flash'),
    base.replace(/\b(?:opus|sonnet)\b/, 'haiku'),
    base.replace(/-large\b/, '-small'),
  ];
  return [...renamed.filter((name) => name !== base), ...(smallOfProvider[provider] ?? [])];
}

/** A model of the same provider at well under half the price, neither deprecated nor unpriced; undefined where none is known. */
export function cheaperSibling(model: CatalogModel, catalog: Catalog): CheaperModel | undefined {
  const { input, output } = model.price?.usdPerMTok ?? {};
  if (input === undefined || output === undefined) return undefined;
  for (const id of siblings(model)) {
    const lookup = catalog.lookup(id, model.provider);
    if (lookup.kind === 'unknown' || lookup.match === 'dated') continue;
    const { price, deprecated, deprecatedOn } = lookup.model;
    const small = price?.usdPerMTok;
    if (small?.input === undefined || small.output === undefined) continue;
    if (deprecated !== undefined || deprecatedOn !== undefined) continue;
    if (small.input * leastShare > input || small.output * leastShare > output) continue;
    return { id, saved: { input: input - small.input, output: output - small.output } };
  }
  return undefined;
}
