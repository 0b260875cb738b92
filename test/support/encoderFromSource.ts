import { join } from 'node:path';
import { spawnEncoder } from '../../src/cache/embedders/onnx/spawnEncoder.ts';
import type { EncoderAssets } from '../../src/service/createServiceCache.ts';

const root = join(import.meta.dirname, '../..');

/** The sentence encoder's thread as Node runs it from source, with the runtime as it comes from npm. */
export const encoderFromSource: EncoderAssets = {
  runtimePath: join(root, 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm'),
  spawn: (start) => spawnEncoder(join(root, 'src/cache/embedders/onnx/encoderWorker.ts'), start),
};
