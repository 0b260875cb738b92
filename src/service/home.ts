import { chmodSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** The service's files, all in one folder per user. */
export interface Home {
  readonly folder: string;
  /** Where the running service is: `ServiceAddress`. */
  readonly addressPath: string;
  /** Held by the running service. */
  readonly lockPath: string;
  /** Tokens, port and the key of pseudonyms: what outlives the database. */
  readonly identityPath: string;
  readonly databasePath: string;
  readonly logPath: string;
  /** Prices that the user took over: `AppliedPrices`. */
  readonly pricesPath: string;
}

/** `TOLLGATE_HOME`, else the user's data folder as the platform has it. */
export function homeFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  userFolder: string = homedir(),
): string {
  if (env.TOLLGATE_HOME !== undefined && env.TOLLGATE_HOME !== '') return resolve(env.TOLLGATE_HOME);
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(userFolder, 'AppData', 'Local'), 'Tollgate');
  if (platform === 'darwin') return join(userFolder, 'Library', 'Application Support', 'Tollgate');
  const data = env.XDG_DATA_HOME;
  // The XDG base directory specification: relative paths are to be ignored.
  return join(data !== undefined && isAbsolute(data) ? data : join(userFolder, '.local', 'share'), 'tollgate');
}

export function homeAt(folder: string): Home {
  return {
    folder,
    addressPath: join(folder, 'service.json'),
    lockPath: join(folder, 'service.lock'),
    identityPath: join(folder, 'identity.json'),
    databasePath: join(folder, 'tollgate.db'),
    logPath: join(folder, 'service.log'),
    pricesPath: join(folder, 'prices.json'),
  };
}

/** Makes the folder, for its owner only. */
export function makeHome(folder: string): Home {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  return homeAt(folder);
}
