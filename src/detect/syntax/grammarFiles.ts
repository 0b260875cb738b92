import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type { SyntaxSource } from './createSyntax.ts';

const unpack = promisify(brotliDecompress);

/**
 * The grammars as they ship: Brotli brings the larger ones to half of what the VSIX's own compression does, and costs
 * 1 to 12 ms once per language.
 * @param read the bytes of a file of `dist/grammars/`
 */
export function grammarFiles(read: (file: string) => Promise<Uint8Array>): SyntaxSource {
  return {
    loadGrammar: async (name) => unpack(await read(`tree-sitter-${name}.wasm.br`)),
    loadRuntime: async () => unpack(await read('tree-sitter.wasm.br')),
  };
}
