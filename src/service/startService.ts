import type { Schema } from '../store/store.ts';
import type { ConfigStatus, RegisteredWorkspace, ServiceAddress } from './api.ts';
import { makeHome } from './home.ts';
import type { Log } from './log.ts';
import type { Pipeline, PipelineContext } from './pipeline.ts';
import { Service } from './service.ts';
import { takeHome } from './takeHome.ts';
import type { Registration } from './workspaces.ts';

export interface ServiceOptions {
  /** The data folder; see `homeFolder`. */
  readonly folder: string;
  readonly version: string;
  /** For `env:` key references. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Tables of the rooms in the pipeline. */
  readonly schemas: readonly Schema[];
  readonly createPipeline: (context: PipelineContext) => Pipeline;
  /** This port or none. Absent = the one of last time, else any. */
  readonly port?: number;
  /** How long the service stays when nobody needs it; Infinity = until it is stopped. Ten minutes by default. */
  readonly lingerMs?: number;
  /** How long a draining service waits for a moment without open requests, before it takes no new ones. */
  readonly quietWaitMs?: number;
  /** How long open requests may go on once no new ones are taken. */
  readonly settleMs?: number;
}

export interface RunningService {
  readonly address: ServiceAddress;
  register(registration: Registration): RegisteredWorkspace;
  /** Undefined = no such workspace. */
  configStatus(workspaceId: string): ConfigStatus | undefined;
  /** Settles and ends: no new requests, a bound for open ones, everything written. Resolves when that is done. */
  stop(): Promise<void>;
  /** Resolves when the service has ended, whoever asked for it. */
  readonly ended: Promise<void>;
}

/**
 * Starts the service of a home and listens. Rejects with `ServiceStartFailed` (it runs already, the port is taken) or
 * `StoreError` (the database cannot be used).
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const home = makeHome(options.folder);
  const lock = await takeHome({ home, version: options.version, fetch, log: options.log });
  try {
    return await listen(new Service(home, lock, options));
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function listen(service: Service): Promise<RunningService> {
  try {
    return {
      address: await service.listen(),
      register: (registration) => service.register(registration),
      configStatus: (workspaceId) => service.configStatus(workspaceId),
      stop: () => service.end(),
      ended: service.ended,
    };
  } catch (error) {
    await service.end();
    throw error;
  }
}
