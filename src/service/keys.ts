import type { KeyReference } from '../config/config.ts';

/** Provider keys: those that windows pushed, in memory only, and those of the service's environment. */
export interface Keys {
  /** Replaces the workspace's whole set. */
  put(workspaceId: string, keys: Readonly<Record<string, string>>): void;
  /** The key itself; undefined when there is none of that name. */
  of(workspaceId: string, reference: KeyReference): string | undefined;
}

export function createKeys(env: Readonly<Record<string, string | undefined>>): Keys {
  const stored = new Map<string, ReadonlyMap<string, string>>();
  return {
    put: (workspaceId, keys) => stored.set(workspaceId, new Map(Object.entries(keys))),
    of: (workspaceId, { kind, name }) => {
      const key = kind === 'env' ? env[name] : stored.get(workspaceId)?.get(name);
      return key === '' ? undefined : key;
    },
  };
}
