import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { loadCatalog } from '../catalog/loadCatalog.ts';

/** The catalogue that comes with the extension, read when it is first asked for. */
export function createCatalogSource(extensionPath: string): () => Promise<Catalog> {
  let loading: Promise<Catalog> | undefined;
  return () => {
    loading ??= readFile(join(extensionPath, 'media', 'prices.json'), 'utf8').then((text) =>
      loadCatalog(JSON.parse(text)),
    );
    return loading;
  };
}
