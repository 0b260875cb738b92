import { join } from 'node:path';

export interface HomeEnvironment {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
}

/** The per-user data folder of the service: `TOLLGATE_HOME`, else where the platform keeps application data. */
export function serviceHome({ platform, env, homeFolder }: HomeEnvironment): string {
  if (env.TOLLGATE_HOME) return env.TOLLGATE_HOME;
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homeFolder, 'AppData', 'Local'), 'Tollgate');
  if (platform === 'darwin') return join(homeFolder, 'Library', 'Application Support', 'Tollgate');
  return join(env.XDG_DATA_HOME ?? join(homeFolder, '.local', 'share'), 'tollgate');
}
