import { setTimeout as sleep } from 'node:timers/promises';
import { readAddress } from './address.ts';
import type { ServiceAddress } from './api.ts';
import { compareVersions } from './compareVersions.ts';
import { type ControlClient, ControlFailed, createControlClient } from './controlClient.ts';
import { alreadyRunning, homeLocked } from './errors.ts';
import type { Home } from './home.ts';
import { type InstanceLock, tryLock } from './instanceLock.ts';
import type { Log } from './log.ts';

export interface TakeHomeOptions {
  readonly home: Home;
  readonly version: string;
  readonly fetch: typeof fetch;
  readonly log: Log;
  /** For a process that holds the home and does not answer: it may be starting, or ending. */
  readonly silentWaitMs?: number;
  /** For an older version to finish what it is doing. */
  readonly drainWaitMs?: number;
}

const pollMs = 50;
const probeMs = 1_000;

/**
 * Becomes the one service of this home. An older version is asked to make room; one of the same version or a newer is
 * left in place. Throws `ServiceStartFailed`: `alreadyRunning`, `locked`.
 */
export async function takeHome(options: TakeHomeOptions): Promise<InstanceLock> {
  const { home, version, log, silentWaitMs = 10_000, drainWaitMs = 60_000 } = options;
  let waited = 0;
  let limit = silentWaitMs;
  let asked: number | undefined;
  for (;;) {
    const lock = tryLock(home.lockPath);
    if (lock !== undefined) return lock;
    const running = await findService(home, options.fetch);
    if (running !== undefined && compareVersions(running.address.version, version) >= 0)
      throw alreadyRunning(home.folder, running.address.pid, running.address.port);
    if (running !== undefined && asked !== running.address.pid) {
      log.info('asking an older service to make room', { pid: running.address.pid, version: running.address.version });
      asked = running.address.pid;
      limit = waited + drainWaitMs;
      await drain(running.client);
    }
    if (waited > limit) throw homeLocked(home.folder);
    await sleep(pollMs);
    waited += pollMs;
  }
}

/** The service that listens for this home, when it does and knows the token that it wrote down. */
export async function findService(
  home: Home,
  fetchFunction: typeof fetch,
): Promise<{ address: ServiceAddress; client: ControlClient } | undefined> {
  const address = readAddress(home.addressPath);
  if (address === undefined) return undefined;
  const client = createControlClient({ ...address, fetch: fetchFunction, timeoutMs: probeMs });
  try {
    const info = await client.info();
    return info.pid === address.pid ? { address, client } : undefined;
  } catch (error) {
    // Somebody else's server at that port, or nobody's.
    if (error instanceof ControlFailed) return undefined;
    throw error;
  }
}

async function drain(client: ControlClient): Promise<void> {
  try {
    await client.drain();
  } catch (error) {
    // It may have ended in between, which is what was wanted.
    if (!ControlFailed.is(error, 'unreachable')) throw error;
  }
}
