import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import prices from '../../media/prices.json' with { type: 'json' };
import manifest from '../../package.json' with { type: 'json' };
import { spawnEncoder } from '../cache/embedders/onnx/spawnEncoder.ts';
import { spawnTokenWorker } from '../tokens/spawnTokenWorker.ts';
import type { TokenWorker } from '../tokens/tokenWorker.ts';
import type { EncoderAssets } from './createServiceCache.ts';

/** What the service needs besides its code. */
export interface BundledAssets {
  readonly version: string;
  readonly prices: unknown;
  readonly spawnWorker: () => TokenWorker;
  readonly encoder: EncoderAssets;
}

/** @param script the running program of `dist/`: the workers are beside it */
export function bundledAssets(script: string): BundledAssets {
  const folder = dirname(realpathSync(script));
  return {
    version: manifest.version,
    prices,
    spawnWorker: () => spawnTokenWorker(join(folder, 'tokenWorker.js')),
    encoder: {
      runtimePath: join(folder, 'ort-wasm-simd-threaded.wasm.br'),
      spawn: (start) => spawnEncoder(join(folder, 'encoderWorker.js'), start),
    },
  };
}
