// `tollgate serve` and `mcp` from source: the same commands as in dist/cli.js, with the token worker that Node runs as TypeScript.
import { join } from 'node:path';
import prices from '../../media/prices.json' with { type: 'json' };
import { createMcpCommand } from '../../src/cli/mcpCommand.ts';
import { createProcessContext } from '../../src/cli/processContext.ts';
import { runCli } from '../../src/cli/runCli.ts';
import { createServeCommand } from '../../src/cli/serve.ts';
import { spawnTokenWorker } from '../../src/tokens/spawnTokenWorker.ts';
import { encoderFromSource } from './encoderFromSource.ts';

const workerPath = join(import.meta.dirname, '../../src/tokens/worker.ts');
const serve = createServeCommand(() => ({
  version: '1.0.0',
  prices,
  spawnWorker: () => spawnTokenWorker(workerPath),
  encoder: encoderFromSource,
}));

process.exitCode = await runCli(
  process.argv.slice(2),
  [serve, createMcpCommand('1.0.0', Date.now)],
  '1.0.0',
  createProcessContext(process),
);
