import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import prices from '../../media/prices.json' with { type: 'json' };
import manifest from '../../package.json' with { type: 'json' };
import { spawnTokenWorker } from '../tokens/spawnTokenWorker.ts';
import type { TokenWorker } from '../tokens/tokenWorker.ts';

/** What the service needs besides its code. */
export interface BundledAssets {
  readonly version: string;
  readonly prices: unknown;
  readonly spawnWorker: () => TokenWorker;
}

/** @param script the running program of `dist/`: the token worker is beside it */
export function bundledAssets(script: string): BundledAssets {
  const workerPath = join(dirname(realpathSync(script)), 'tokenWorker.js');
  return { version: manifest.version, prices, spawnWorker: () => spawnTokenWorker(workerPath) };
}
