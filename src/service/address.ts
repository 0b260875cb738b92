import { rmSync, statSync } from 'node:fs';
import * as z from 'zod';
import type { ServiceAddress } from './api.ts';
import { parseJson } from './identity.ts';
import { readFileIfAny, writePrivateFile } from './privateFile.ts';

const addressFile = z.object({
  port: z.number().int().min(1).max(65535),
  pid: z.number().int().positive(),
  version: z.string(),
  controlToken: z.string().min(1),
});

/**
 * Where a service was last listening; undefined when none has been. It may be gone: ask it. A file that somebody else
 * has written, or can write, is nobody's: whoever it names would be given the user's keys.
 * @param ownUid undefined where the platform has none
 */
export function readAddress(path: string, ownUid: number | undefined = process.getuid?.()): ServiceAddress | undefined {
  const text = readFileIfAny(path);
  if (text === undefined || !isOnlyOurs(path, ownUid)) return undefined;
  return parseJson(text, addressFile);
}

function isOnlyOurs(path: string, ownUid: number | undefined): boolean {
  if (ownUid === undefined) return true;
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.uid === ownUid && (stat.mode & 0o022) === 0;
}

export function writeAddress(path: string, address: ServiceAddress): void {
  writePrivateFile(path, `${JSON.stringify(address)}\n`);
}

/** Takes our address away, and no other's. */
export function removeAddress(path: string, pid: number): void {
  if (readAddress(path)?.pid === pid) rmSync(path, { force: true });
}
