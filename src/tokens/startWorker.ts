// The entry of the token worker. Its code is vocabularies for the most part, and ships packed: see `esbuild.js`.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { brotliDecompressSync } from 'node:zlib';

const codePath = join(__dirname, 'tokenWorkerCode.js');
const load = createRequire(codePath);

/** A build that watches leaves it unpacked. */
if (existsSync(codePath)) load(codePath);
else {
  const code = brotliDecompressSync(readFileSync(`${codePath}.br`)).toString('utf8');
  const run = compileFunction(code, ['exports', 'require', 'module', '__filename', '__dirname'], {
    filename: codePath,
  });
  const loaded = { exports: {} };
  run(loaded.exports, load, loaded, codePath, __dirname);
}
