import { boundYoungSpace } from './boundYoungSpace.ts';
import { bundledAssets } from './bundledAssets.ts';
import { createServicePipeline, pipelineSchemas } from './createServicePipeline.ts';
import { ServiceStartFailed } from './errors.ts';
import { homeFolder, makeHome } from './home.ts';
import { appendToLogFile, createLog, describeError } from './log.ts';
import { startService } from './startService.ts';

/**
 * The service as its own process: `node service.js`. Prints one line of JSON when it listens, or when it does not and
 * why; the same goes to a parent that has forked it. It outlives the parent and ends when nobody needs it.
 */
export async function runService(): Promise<void> {
  // The parent's end of the pipes may be closed at any time; what is said there is in the log too.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const folder = homeFolder(process.env, process.platform);
  const append = appendToLogFile({
    path: makeHome(folder).logPath,
    fallback: (line) => {
      process.stderr.write(line);
    },
  });
  const log = createLog(append, Date.now);
  process.on('uncaughtException', (error) => {
    log.error('uncaught exception', { error: describeError(error) });
    process.exit(1);
  });
  const assets = bundledAssets(process.argv[1] ?? '');
  try {
    boundYoungSpace();
    const service = await startService({
      folder,
      version: assets.version,
      env: process.env,
      log,
      clock: Date.now,
      schemas: pipelineSchemas,
      createPipeline: createServicePipeline({ ...assets, configIsUsers: false }),
    });
    const { port, pid, version } = service.address;
    tell({ listening: { port, pid, version } });
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void service.stop());
    await service.ended;
    process.exit(0);
  } catch (error) {
    const runsAlready = error instanceof ServiceStartFailed && error.reason === 'alreadyRunning';
    const message = error instanceof Error ? error.message : String(error);
    log.info('not started', { error: describeError(error) });
    tell({ failed: { reason: runsAlready ? 'alreadyRunning' : 'failed', message } });
    // Another window's start was faster: the service that was wanted is there.
    process.exitCode = runsAlready ? 0 : 1;
  }
}

function tell(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
  if (process.connected) process.send?.(message);
}
