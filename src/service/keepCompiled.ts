import { mkdirSync } from 'node:fs';
import { constants, enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

/** Long after a start, because writing takes a moment. */
const writtenAfterMs = 3_000;

/**
 * Keeps what V8 makes of the code that is loaded from now on, for the next start: reading the source is half of a start
 * otherwise. In the user's own data folder, because whoever can write there can run code as the user.
 */
export function keepCompiled(dataFolder: string): void {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const { status } = enableCompileCache(join(dataFolder, 'compiled'));
  const { ENABLED, ALREADY_ENABLED } = constants.compileCacheStatus;
  if (status === ENABLED || status === ALREADY_ENABLED) setTimeout(flushCompileCache, writtenAfterMs).unref();
}
