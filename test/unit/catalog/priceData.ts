import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CatalogModel } from '../../../src/catalog/catalog.ts';
import { loadCatalog } from '../../../src/catalog/loadCatalog.ts';

export const priceData: unknown = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../media/prices.json'), 'utf8'),
);

export const catalog = loadCatalog(priceData);

/** The model that `text` names; fails the test where none is known. */
export function known(text: string, provider?: string): CatalogModel {
  const found = catalog.lookup(text, provider);
  if (found.kind === 'unknown') throw new Error(`${text} is not in the price data`);
  return found.model;
}
