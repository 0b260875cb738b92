import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { version } from '../../package.json';
import { type AppliedPrices, pricesInForce, readAppliedPrices } from '../catalog/appliedPrices.ts';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { createDetector } from '../detect/createDetector.ts';
import { grammarFiles } from '../detect/syntax/grammarFiles.ts';
import { nodeDisk } from '../scan/nodeDisk.ts';
import { type BundledAssets, bundledAssets } from '../service/bundledAssets.ts';
import { homeAt, homeFolder } from '../service/home.ts';
import { readFileIfAny } from '../service/privateFile.ts';
import { createTokenCounter } from '../tokens/createTokenCounter.ts';
import { createBatchCommand } from './batch/batchCommand.ts';
import { createCacheCommand } from './cacheCommand.ts';
import type { Command } from './command.ts';
import { createMcpCommand } from './mcpCommand.ts';
import { createProcessContext } from './processContext.ts';
import { createRouteCommand } from './routeCommand.ts';
import { runCli } from './runCli.ts';
import { createScanCommand } from './scanCommand.ts';
import { createServeCommand } from './serve.ts';

/** Beside the bundle lie the grammars and the token worker. */
const here = __dirname;
const assets = (): BundledAssets => bundledAssets(process.argv[1] ?? '');

/** What the user took over in an editor holds here too. */
const appliedPrices = (): AppliedPrices | undefined =>
  readAppliedPrices(readFileIfAny(homeAt(homeFolder(process.env, process.platform)).pricesPath));

const prices = (): unknown => pricesInForce(appliedPrices(), assets().prices);
const grammars = grammarFiles((file) => readFile(join(here, 'grammars', file)));
const noAliases: ReadonlySet<string> = new Set();

const commands: readonly Command[] = [
  createScanCommand({
    now: () => new Date(),
    disk: nodeDisk,
    prices,
    ...grammars,
    createCounter: () => createTokenCounter({ spawnWorker: assets().spawnWorker }),
  }),
  createServeCommand(assets),
  createMcpCommand(version, Date.now),
  createRouteCommand({
    disk: nodeDisk,
    createCounter: () => createTokenCounter({ spawnWorker: assets().spawnWorker }),
  }),
  createBatchCommand(assets, {
    disk: nodeDisk,
    detector: () => createDetector({ ...grammars, catalog: loadCatalog(prices()), aliases: () => noAliases }),
  }),
  createCacheCommand(assets),
];

runCli(process.argv.slice(2), commands, version, createProcessContext(process)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    process.exitCode = 1;
  },
);
