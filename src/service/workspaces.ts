import { hash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { configFileName, localConfigFileName } from '../config/config.ts';
import type { Schema, Store } from '../store/store.ts';
import { type Identity, parseJson } from './identity.ts';
import { createTokenIndex } from './randomToken.ts';

/** Tokens are not here but in the identity file: a copied database opens nothing. */
export const workspaceSchema: Schema = {
  name: 'workspace',
  migrations: [
    `CREATE TABLE service_workspace (
      id TEXT PRIMARY KEY,
      folder TEXT NOT NULL,
      config_path TEXT NOT NULL,
      trusted INTEGER NOT NULL,
      user_config TEXT,
      confirmed_upstreams TEXT NOT NULL
    ) STRICT`,
  ],
};

export interface Workspace {
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
  /** Absolute path of its `tollgate.jsonc`. */
  readonly configPath: string;
  readonly localConfigPath: string;
  readonly trusted: boolean;
  /** User-level configuration as JSON text. */
  readonly userConfig: string | undefined;
  /** Base URL by provider. */
  readonly confirmedUpstreams: Readonly<Record<string, string>>;
}

export interface Registration {
  readonly folder: string;
  readonly trusted: boolean;
  readonly userConfig?: string;
  /** Where it is not `tollgate.jsonc` in the folder. */
  readonly configPath?: string;
  /** Change nothing of a workspace that is known. */
  readonly keep?: boolean;
  /** Instead of the kept or a new one. */
  readonly token?: string;
}

/** The workspaces that this installation knows. */
export interface Workspaces {
  /** Adds the workspace, or brings it up to date; its token stays what it was. */
  register(registration: Registration): Workspace;
  /** A new token; the old one is nobody's from now on. Undefined = no such workspace. */
  rotate(id: string): Workspace | undefined;
  get(id: string): Workspace | undefined;
  tokenOf(id: string): string;
  /** The workspace of a token that came with a request. */
  withToken(token: string): string | undefined;
  confirmUpstreams(id: string, baseUrls: Readonly<Record<string, string>>): Workspace | undefined;
  /** The user confirmed a base URL of this origin for some workspace. */
  hasConfirmed(origin: string): boolean;
}

export interface WorkspacesOptions {
  readonly store: Store;
  readonly identity: Identity;
  readonly newToken: () => string;
}

export function createWorkspaces({ store, identity, newToken }: WorkspacesOptions): Workspaces {
  const known = new Map<string, Workspace>();
  const owners = createTokenIndex<string>();
  const save = store.database.prepare(
    `INSERT INTO service_workspace (id, folder, config_path, trusted, user_config, confirmed_upstreams)
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET folder = excluded.folder, config_path = excluded.config_path,
     trusted = excluded.trusted, user_config = excluded.user_config, confirmed_upstreams = excluded.confirmed_upstreams`,
  );

  const keep = (workspace: Workspace): Workspace => {
    const { id, folder, configPath, trusted, userConfig, confirmedUpstreams } = workspace;
    save.run(id, folder, configPath, Number(trusted), userConfig ?? null, JSON.stringify(confirmedUpstreams));
    known.set(id, workspace);
    return workspace;
  };
  const give = (id: string, token: string): void => {
    const old = identity.tokenOf(id);
    if (old !== token) identity.rememberToken(id, token);
    if (old !== undefined) owners.delete(old);
    owners.set(token, id);
  };

  for (const workspace of readWorkspaces(store)) {
    known.set(workspace.id, workspace);
    give(workspace.id, identity.tokenOf(workspace.id) ?? newToken());
  }

  return {
    register: (registration) => {
      const folder = resolve(registration.folder);
      const configPath = resolve(registration.configPath ?? join(folder, configFileName));
      const id = workspaceIdOf(folder);
      const before = known.get(id);
      if (registration.keep === true && before !== undefined) return before;
      give(id, registration.token ?? identity.tokenOf(id) ?? newToken());
      return keep({
        id,
        folder,
        configPath,
        localConfigPath: join(dirname(configPath), localConfigFileName),
        trusted: registration.trusted,
        userConfig: registration.userConfig,
        confirmedUpstreams: known.get(id)?.confirmedUpstreams ?? {},
      });
    },
    rotate: (id) => {
      const workspace = known.get(id);
      if (workspace !== undefined) give(id, newToken());
      return workspace;
    },
    get: (id) => known.get(id),
    tokenOf: (id) => identity.tokenOf(id) ?? '',
    withToken: (token) => owners.get(token),
    confirmUpstreams: (id, confirmedUpstreams) => {
      const workspace = known.get(id);
      return workspace === undefined ? undefined : keep({ ...workspace, confirmedUpstreams });
    },
    hasConfirmed: (origin) =>
      [...known.values()].some(({ confirmedUpstreams }) =>
        Object.values(confirmedUpstreams).some((baseUrl) => URL.parse(baseUrl)?.origin === origin),
      ),
  };
}

/** The same folder is the same workspace, also after the database was lost: its token and open terminals stay valid. */
function workspaceIdOf(folder: string): string {
  return hash('sha256', folder, 'hex').slice(0, 16);
}

const baseUrls = z.record(z.string(), z.string());

function readWorkspaces({ database }: Store): Workspace[] {
  return database
    .prepare('SELECT * FROM service_workspace')
    .all()
    .map((row) => {
      const configPath = String(row.config_path);
      return {
        id: String(row.id),
        folder: String(row.folder),
        configPath,
        localConfigPath: join(dirname(configPath), localConfigFileName),
        trusted: row.trusted === 1,
        userConfig: row.user_config === null ? undefined : String(row.user_config),
        confirmedUpstreams: parseJson(String(row.confirmed_upstreams), baseUrls) ?? {},
      };
    });
}
