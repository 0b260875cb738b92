import { existsSync, renameSync } from 'node:fs';
import * as z from 'zod';
import { readFileIfAny, writePrivateFile } from './privateFile.ts';

const identityFile = z.object({
  version: z.literal(1),
  port: z.number().int().min(1).max(65535).optional(),
  controlToken: z.string().min(16),
  pseudonymKey: z.string().min(16),
  /** Token by workspace id. */
  workspaceTokens: z.record(z.string(), z.string().min(1)),
});

/**
 * Who may talk to the service, and where: kept apart from the database, so that neither a damaged nor a copied database
 * touches it. Every change is on disk when the function returns.
 */
export interface Identity {
  readonly controlToken: string;
  /** Secret of this installation, for pseudonyms of users and digests of credentials. */
  readonly pseudonymKey: Uint8Array;
  /** The file was unreadable and moved here; every token is new. */
  readonly movedAside?: string;
  port(): number | undefined;
  rememberPort(port: number): void;
  tokenOf(workspaceId: string): string | undefined;
  rememberToken(workspaceId: string, token: string): void;
}

export interface IdentityOptions {
  readonly path: string;
  readonly newToken: () => string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Reads the identity of this installation, or makes one. */
export function openIdentity({ path, newToken, clock }: IdentityOptions): Identity {
  const found = readIdentity(path);
  let movedAside: string | undefined;
  if (found === undefined && existsSync(path)) {
    movedAside = `${path}.corrupt-${new Date(clock()).toISOString().replaceAll(/[:.]/g, '-')}`;
    renameSync(path, movedAside);
  }
  let state = found ?? { version: 1 as const, controlToken: newToken(), pseudonymKey: newToken(), workspaceTokens: {} };
  const change = (next: typeof state): void => {
    writePrivateFile(path, `${JSON.stringify(next, undefined, 2)}\n`);
    state = next;
  };
  if (found === undefined) change(state);
  return {
    controlToken: state.controlToken,
    pseudonymKey: new TextEncoder().encode(state.pseudonymKey),
    ...(movedAside === undefined ? {} : { movedAside }),
    port: () => state.port,
    rememberPort: (port) => {
      if (state.port !== port) change({ ...state, port });
    },
    tokenOf: (workspaceId) => state.workspaceTokens[workspaceId],
    rememberToken: (workspaceId, token) =>
      change({ ...state, workspaceTokens: { ...state.workspaceTokens, [workspaceId]: token } }),
  };
}

function readIdentity(path: string): z.infer<typeof identityFile> | undefined {
  const text = readFileIfAny(path);
  return text === undefined ? undefined : parseJson(text, identityFile);
}

/** The text as the schema has it; undefined for anything else. */
export function parseJson<T>(text: string, schema: z.ZodType<T>): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
