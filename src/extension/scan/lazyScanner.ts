import type { Host } from '../host.ts';
import type { Scanner } from './createScanner.ts';

const idleMs = 60_000;

/** The scanner, made with the first scan; its thread is part of no activation. */
export function createLazyScanner(host: Host): Scanner {
  let made: Promise<Scanner> | undefined;
  const scanner = (): Promise<Scanner> => {
    made ??= import('./createScanner.ts').then(({ createScanner, spawnScanThread }) =>
      createScanner({
        spawn: () => spawnScanThread(host.context.extensionPath),
        idleMs,
        startTimer: (run, delayMs) => {
          const timer = setTimeout(run, delayMs);
          return { dispose: () => clearTimeout(timer) };
        },
      }),
    );
    return made;
  };
  return {
    scan: async (job, signal, onReports) => (await scanner()).scan(job, signal, onReports),
    findAliases: async (job, names, signal) => (await scanner()).findAliases(job, names, signal),
    dispose: async () => (await made)?.dispose(),
  };
}
