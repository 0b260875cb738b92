import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { loadCatalog } from '../../src/catalog/loadCatalog.ts';
import { createDetector } from '../../src/detect/createDetector.ts';
import type { Detector } from '../../src/detect/finding.ts';

const wasm = join(dirname(createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/package.json')), 'wasm');

/** The parsed price data that ship. */
export function shippedPrices(): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../media/prices.json'), 'utf8'));
}

export function shippedCatalog(): Catalog {
  return loadCatalog(shippedPrices());
}

/** The bytes of a grammar, or of the runtime where no name is given. */
export async function grammarBytes(name?: string): Promise<Uint8Array> {
  return readFileSync(join(wasm, name === undefined ? 'tree-sitter.wasm' : `tree-sitter-${name}.wasm`));
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
