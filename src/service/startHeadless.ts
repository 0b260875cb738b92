import { StoreError } from '../store/errors.ts';
import type { ConfigStatus } from './api.ts';
import { boundYoungSpace } from './boundYoungSpace.ts';
import type { BundledAssets } from './bundledAssets.ts';
import { createServicePipeline, pipelineSchemas } from './createServicePipeline.ts';
import { ServiceStartFailed } from './errors.ts';
import { homeFolder } from './home.ts';
import { createLog } from './log.ts';
import { startService } from './startService.ts';

export interface HeadlessOptions {
  /** The one workspace, trusted: whoever starts this has chosen it. */
  readonly folder: string;
  readonly configPath: string;
  readonly port?: number;
  /** Absent = the user's own, as for the editor. */
  readonly dataFolder?: string;
  readonly token?: string;
  readonly assets: BundledAssets;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly writeLog: (line: string) => void;
}

export interface HeadlessService {
  /** Without a path. */
  readonly url: string;
  readonly token: string;
  readonly port: number;
  readonly controlToken: string;
  readonly workspaceId: string;
  readonly configStatus: ConfigStatus | undefined;
  stop(): Promise<void>;
  readonly ended: Promise<void>;
}

/** The service without an editor: one workspace, in the foreground, until it is stopped. */
export async function startHeadless(options: HeadlessOptions): Promise<HeadlessService | { readonly failed: string }> {
  const { folder, configPath, port, token, assets, env } = options;
  try {
    boundYoungSpace();
    const service = await startService({
      folder: options.dataFolder ?? homeFolder(env, process.platform),
      version: assets.version,
      env,
      log: createLog(options.writeLog, Date.now, env.TOLLGATE_LOG === 'debug' ? 'debug' : 'info'),
      clock: Date.now,
      schemas: pipelineSchemas,
      createPipeline: createServicePipeline({ ...assets, configIsUsers: true }),
      lingerMs: Number.POSITIVE_INFINITY,
      ...(port === undefined ? {} : { port }),
    });
    const registered = service.register({
      folder,
      configPath,
      trusted: true,
      ...(token === undefined ? {} : { token }),
    });
    return {
      url: `http://127.0.0.1:${service.address.port}`,
      token: registered.token,
      port: service.address.port,
      controlToken: service.address.controlToken,
      workspaceId: registered.workspaceId,
      configStatus: service.configStatus(registered.workspaceId),
      stop: service.stop,
      ended: service.ended,
    };
  } catch (error) {
    if (error instanceof ServiceStartFailed || error instanceof StoreError) return { failed: error.message };
    throw error;
  }
}
