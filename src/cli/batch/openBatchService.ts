import { dirname } from 'node:path';
import { readAddress } from '../../service/address.ts';
import type { BundledAssets } from '../../service/bundledAssets.ts';
import { type ControlClient, ControlFailed, createControlClient } from '../../service/controlClient.ts';
import { homeAt, homeFolder } from '../../service/home.ts';
import type { CommandContext } from '../command.ts';

/** The service that holds the jobs: the one that runs, or one of our own for as long as the command does. */
export interface BatchService {
  readonly client: ControlClient;
  readonly workspaceId: string;
  readonly workspaceFolder: string;
  /** Ends with the command: it must stay until what was begun is safe. */
  readonly isOurs: boolean;
  close(): Promise<void>;
}

export interface OpenBatchService {
  readonly configPath: string;
  /** Absent = the user's own. */
  readonly dataFolder?: string;
  readonly assets: BundledAssets;
  readonly context: Pick<CommandContext, 'env' | 'complain'>;
}

/** One user has one service; two would follow the same jobs. */
export async function openBatchService(options: OpenBatchService): Promise<BatchService | { readonly failed: string }> {
  const { configPath, assets, context } = options;
  const folder = options.dataFolder ?? homeFolder(context.env, process.platform);
  const workspaceFolder = dirname(configPath);
  const running = await attach(folder);
  if (running !== undefined) {
    const { workspaceId } = await running.registerWorkspace({ folder: workspaceFolder, trusted: true, keep: true });
    return { client: running, workspaceId, workspaceFolder, isOurs: false, close: async () => undefined };
  }
  // Loaded only here: most commands need nothing of the service.
  const { startHeadless } = await import('../../service/startHeadless.ts');
  const started = await startHeadless({
    folder: workspaceFolder,
    configPath,
    dataFolder: folder,
    assets,
    env: context.env,
    writeLog: context.env.TOLLGATE_LOG === undefined ? () => undefined : context.complain,
  });
  if ('failed' in started) return started;
  const problems = started.configStatus?.problems ?? [];
  for (const { path, severity, message, start } of problems)
    context.complain(`tollgate: ${severity} in ${path ?? 'the settings'} at character ${start}: ${message}\n`);
  return {
    client: createControlClient({ port: started.port, controlToken: started.controlToken, fetch: fetchOnce }),
    workspaceId: started.workspaceId,
    workspaceFolder,
    isOurs: true,
    close: started.stop,
  };
}

/** A connection of its own for each request: one that is kept would outlive the service at its end. */
const fetchOnce: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('connection', 'close');
  return fetch(input, { ...init, headers });
};

async function attach(folder: string): Promise<ControlClient | undefined> {
  const address = readAddress(homeAt(folder).addressPath);
  if (address === undefined) return undefined;
  const client = createControlClient({ port: address.port, controlToken: address.controlToken, fetch: fetchOnce });
  try {
    await client.info();
    return client;
  } catch (error) {
    // What it left behind when it was killed.
    if (ControlFailed.is(error, 'unreachable')) return undefined;
    throw error;
  }
}
