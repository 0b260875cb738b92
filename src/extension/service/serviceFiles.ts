import type { ServiceFile } from './installService.ts';

/** What the service needs beside itself; the entry first. */
export const serviceFiles: readonly ServiceFile[] = [
  { from: 'dist/service.js', to: 'service.js' },
  { from: 'dist/tokenWorker.js', to: 'tokenWorker.js' },
  { from: 'dist/encoderWorker.js', to: 'encoderWorker.js' },
  { from: 'dist/ort-wasm-simd-threaded.wasm.br', to: 'ort-wasm-simd-threaded.wasm.br' },
  { from: 'dist/package.json', to: 'package.json' },
];
