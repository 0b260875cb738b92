import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { version } from '../../package.json';
import { bundledAssets } from '../service/bundledAssets.ts';
import { createTokenCounter } from '../tokens/createTokenCounter.ts';
import { spawnTokenWorker } from '../tokens/spawnTokenWorker.ts';
import type { Command } from './command.ts';
import { nodeDisk } from './nodeDisk.ts';
import { createProcessContext } from './processContext.ts';
import { runCli } from './runCli.ts';
import { createScanCommand } from './scanCommand.ts';
import { createServeCommand } from './serve.ts';

/** Beside the bundle lie the grammars; one folder up, the data that ships with it. */
const here = __dirname;

const scanCommand = createScanCommand({
  disk: nodeDisk,
  loadPrices: () => readFile(join(here, '..', 'media', 'prices.json'), 'utf8'),
  loadGrammar: (name) => readFile(join(here, 'grammars', `tree-sitter-${name}.wasm`)),
  loadRuntime: () => readFile(join(here, 'grammars', 'tree-sitter.wasm')),
  createCounter: () => createTokenCounter({ spawnWorker: () => spawnTokenWorker(join(here, 'tokenWorker.js')) }),
});

const commands: readonly Command[] = [scanCommand, createServeCommand(() => bundledAssets(process.argv[1] ?? ''))];

runCli(process.argv.slice(2), commands, version, createProcessContext(process)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    process.exitCode = 1;
  },
);
