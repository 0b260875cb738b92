import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { loadCatalog } from '../../src/catalog/loadCatalog.ts';
import { createDetector } from '../../src/detect/createDetector.ts';
import type { Detector } from '../../src/detect/finding.ts';
import grammars from '../../src/detect/language/grammars.json' with { type: 'json' };

const modules = join(import.meta.dirname, '../../node_modules');
const runtime = '@vscode/tree-sitter-wasm/wasm/tree-sitter.wasm';
const files = new Map(Object.entries(grammars));

/** The parsed price data that ship. */
export function shippedPrices(): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../media/prices.json'), 'utf8'));
}

export function shippedCatalog(): Catalog {
  return loadCatalog(shippedPrices());
}

/** The bytes of a grammar, or of the runtime where no name is given. */
export async function grammarBytes(name?: string): Promise<Uint8Array> {
  const file = name === undefined ? runtime : files.get(name);
  if (file === undefined) throw new Error(`no grammar "${name}" in grammars.json`);
  return readFileSync(join(modules, file));
}

/** A detector with the real grammars and the shipped catalogue. */
export function realDetector(aliases: readonly string[] = []): Detector {
  return createDetector({
    catalog: shippedCatalog(),
    aliases: () => new Set(aliases),
    loadGrammar: grammarBytes,
    loadRuntime: () => grammarBytes(),
  });
}
