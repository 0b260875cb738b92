import { fork } from 'node:child_process';
import { close, open } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { ServiceAddress } from '../../service/api.ts';
import { serviceErrors } from './errors.ts';

export interface LaunchOptions {
  readonly entryPath: string;
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The address of a service that answers; undefined while none does. */
  readonly answering: () => Promise<ServiceAddress | undefined>;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** An older service may take its time to make room. */
const patienceMs = 75_000;
const pollMs = 100;
/** What the service says to its parent when it does not start. That another one runs already is no failure. */
const failedMessage = z.object({ failed: z.object({ reason: z.literal('failed'), message: z.string() }) });
const openFile = promisify(open);
const closeFile = promisify(close);

/**
 * Starts the service as a process of its own that outlives this window, and waits until one answers: ours, or that of
 * another window which was faster, in which case ours has ended by itself.
 * @throws ServiceNotStarted
 */
export async function launchService(options: LaunchOptions): Promise<ServiceAddress> {
  await mkdir(options.home, { recursive: true, mode: 0o700 });
  const logPath = join(options.home, 'service.out.log');
  const output = await openFile(logPath, 'a', 0o600);
  const child = fork(options.entryPath, [], {
    // Inherited flags of the extension host and injected hooks of a debugger break a forked Node.
    execArgv: [],
    env: serviceEnvironment(options.environment, options.home),
    cwd: options.home,
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
  });
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.on('message', (message: unknown) => {
    failure ??= failedMessage.safeParse(message).data?.failed.message;
  });
  child.once('exit', (code, signal) => {
    if (code !== 0) failure ??= signal ?? `exit code ${code}`;
  });
  await closeFile(output);
  try {
    for (let waited = 0; waited < patienceMs && !options.signal.aborted; waited += pollMs) {
      const address = await options.answering();
      if (address !== undefined) return address;
      if (failure !== undefined) throw serviceErrors.exited(failure, logPath);
      await options.sleep(pollMs, options.signal);
    }
    throw serviceErrors.silent(patienceMs / 1000, logPath);
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** The user's environment without what belongs to this editor's own processes. */
export function serviceEnvironment(environment: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name));
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '', TOLLGATE_HOME: home };
}
