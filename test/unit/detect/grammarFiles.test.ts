import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { grammarFiles } from '../../../src/detect/syntax/grammarFiles.ts';

test('grammars are read by name and unpacked', async () => {
  const files = new Map([
    ['tree-sitter-go.wasm.br', brotliCompressSync('go')],
    ['tree-sitter.wasm.br', brotliCompressSync('runtime')],
  ]);
  const { loadGrammar, loadRuntime } = grammarFiles(async (file) => files.get(file) ?? Buffer.from('not packed'));
  assert.equal(Buffer.from(await loadGrammar('go')).toString(), 'go');
  assert.equal(Buffer.from(await loadRuntime()).toString(), 'runtime');
  await assert.rejects(loadGrammar('cobol'), { code: /ERR_/ });
});
