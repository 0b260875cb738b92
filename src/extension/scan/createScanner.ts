import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FileReport } from '../../scan/fileReport.ts';
import type { ScanProgress } from '../../scan/scanFiles.ts';
import type { Disposable } from '../disposables.ts';
import {
  type AliasHit,
  isScanReply,
  type ScanJob,
  type ScanReply,
  type ScanRequest,
  type ScanWorkerData,
} from './scanMessages.ts';

/** The thread that scans. */
export interface ScanThread {
  send(request: ScanRequest): void;
  onReply(listener: (reply: ScanReply) => void): void;
  /** It ended, by itself or by `terminate`. */
  onEnd(listener: (reason: string) => void): void;
  terminate(): void;
}

export interface ScannerDeps {
  readonly spawn: () => ScanThread;
  /** How long an idle thread is kept: its grammars and vocabularies take memory. */
  readonly idleMs: number;
  readonly startTimer: (run: () => void, delayMs: number) => Disposable;
}

/** Scans folders in a thread of its own, which starts with the first request and ends when there are none for a while. */
export interface Scanner extends Disposable {
  /** @param onReports gets what was found as it is found. Resolves at the end, also of a scan that was aborted. */
  scan(
    job: ScanJob,
    signal: AbortSignal,
    onReports: (reports: readonly FileReport[], progress: ScanProgress) => void,
  ): Promise<void>;
  /** Where the folder's files on disk name one of the aliases. */
  findAliases(job: ScanJob, names: readonly string[], signal: AbortSignal): Promise<AliasHit[]>;
}

type Unsent = { kind: 'scan'; job: ScanJob } | { kind: 'aliases'; job: ScanJob; names: readonly string[] };

interface Waiting {
  readonly onReply: (reply: ScanReply) => void;
  readonly done: () => void;
  readonly fail: (error: Error) => void;
}

export function createScanner({ spawn, idleMs, startTimer }: ScannerDeps): Scanner {
  const waiting = new Map<number, Waiting>();
  let thread: ScanThread | undefined;
  let idle: Disposable | undefined;
  let lastId = 0;

  const end = (id: number): Waiting | undefined => {
    const request = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) {
      idle?.dispose();
      idle = startTimer(() => {
        thread?.terminate();
        // A request that comes now must not go to one that is ending.
        thread = undefined;
      }, idleMs);
    }
    return request;
  };
  const onReply = (reply: ScanReply): void => {
    if (reply.kind === 'done') end(reply.id)?.done();
    else if (reply.kind === 'failed') end(reply.id)?.fail(new Error(reply.message));
    else waiting.get(reply.id)?.onReply(reply);
  };
  const running = (): ScanThread => {
    idle?.dispose();
    if (thread) return thread;
    const started = spawn();
    thread = started;
    started.onReply(onReply);
    started.onEnd((reason) => {
      if (thread === started) thread = undefined;
      for (const id of [...waiting.keys()]) end(id)?.fail(new Error(`The scan ended: ${reason}`));
      idle?.dispose();
    });
    return started;
  };
  const ask = (request: Unsent, signal: AbortSignal, onPart: (reply: ScanReply) => void): Promise<void> => {
    if (signal.aborted) return Promise.resolve();
    const id = ++lastId;
    const to = running();
    const cancel = (): void => to.send({ kind: 'cancel', id });
    const ended = new Promise<void>((done, fail) => waiting.set(id, { onReply: onPart, done, fail }));
    signal.addEventListener('abort', cancel, { once: true });
    to.send({ ...request, id });
    return ended.finally(() => signal.removeEventListener('abort', cancel));
  };
  return {
    scan: (job, signal, onReports) =>
      ask({ kind: 'scan', job }, signal, (reply) => {
        if (reply.kind === 'reports') onReports(reply.reports, reply.progress);
      }),
    async findAliases(job, names, signal) {
      const hits: AliasHit[] = [];
      await ask({ kind: 'aliases', job, names }, signal, (reply) => {
        if (reply.kind === 'hits') hits.push(...reply.hits);
      });
      return hits;
    },
    dispose() {
      idle?.dispose();
      thread?.terminate();
    },
  };
}

/** The trees of large files and two vocabularies; a thread that passes this ends alone, not with the process. */
const maxHeapMb = 1024;

export function spawnScanThread(extensionPath: string): ScanThread {
  const workerData: ScanWorkerData = { extensionPath };
  const limits = { maxOldGenerationSizeMb: maxHeapMb };
  // execArgv: the host's own flags (an inspector port, a loader) are not for this thread
  const worker = new Worker(join(extensionPath, 'dist', 'scanWorker.js'), {
    workerData,
    execArgv: [],
    resourceLimits: limits,
  });
  let reason: string | undefined;
  worker.on('error', (error) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  return {
    send: (request) => worker.postMessage(request),
    onReply: (listener) => {
      worker.on('message', (message: unknown) => {
        if (isScanReply(message)) listener(message);
      });
    },
    onEnd: (listener) => {
      worker.on('exit', (code) => listener(reason ?? `its thread exited with code ${code}`));
    },
    terminate: () => void worker.terminate(),
  };
}
