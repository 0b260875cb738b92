import type { ServiceFile } from './installService.ts';

/** What the service needs beside itself; the entry first. */
export const serviceFiles: readonly ServiceFile[] = [
  { from: 'dist/service.js', to: 'service.js' },
  { from: 'dist/serviceCore.js', to: 'serviceCore.js' },
  { from: 'dist/openaiClient.js', to: 'openaiClient.js' },
  { from: 'dist/anthropicClient.js', to: 'anthropicClient.js' },
  { from: 'dist/redisClient.js', to: 'redisClient.js' },
  { from: 'dist/tokenWorker.js', to: 'tokenWorker.js' },
  { from: 'dist/tokenWorkerCode.js.br', to: 'tokenWorkerCode.js.br' },
  { from: 'dist/encoderWorker.js', to: 'encoderWorker.js' },
  { from: 'dist/ort-wasm-simd-threaded.wasm.br', to: 'ort-wasm-simd-threaded.wasm.br' },
  { from: 'dist/package.json', to: 'package.json' },
];
