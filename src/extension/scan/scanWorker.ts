// The scan worker: its own bundle and thread, so that walking, parsing and counting are on nobody's event loop.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { grammarFiles } from '../../detect/syntax/grammarFiles.ts';
import { nodeDisk } from '../../scan/nodeDisk.ts';
import { createTokenCounter } from '../../tokens/createTokenCounter.ts';
import { spawnTokenWorker } from '../../tokens/spawnTokenWorker.ts';
import { runScan } from './runScan.ts';
import { isScanRequest, type ScanReply, type ScanWorkerData } from './scanMessages.ts';

function start({ extensionPath }: ScanWorkerData, port: NonNullable<typeof parentPort>): void {
  const pathOf = (...file: string[]): string => join(extensionPath, ...file);
  const running = new Map<number, AbortController>();
  const deps = {
    disk: nodeDisk,
    ...grammarFiles((file) => readFile(pathOf('dist', 'grammars', file))),
    counter: createTokenCounter({ spawnWorker: () => spawnTokenWorker(pathOf('dist', 'tokenWorker.js')) }),
    reply: (reply: ScanReply) => port.postMessage(reply),
    now: Date.now,
  };
  port.on('message', (message: unknown) => {
    if (!isScanRequest(message)) return;
    if (message.kind === 'cancel') {
      running.get(message.id)?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(message.id, controller);
    void runScan(deps, message, controller.signal).finally(() => running.delete(message.id));
  });
}

function isWorkerData(data: unknown): data is ScanWorkerData {
  return typeof data === 'object' && data !== null && 'extensionPath' in data && typeof data.extensionPath === 'string';
}

const data: unknown = workerData;
if (parentPort !== null && isWorkerData(data)) start(data, parentPort);
