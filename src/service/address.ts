import { rmSync } from 'node:fs';
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

/** Where a service was last listening; undefined when none has been. It may be gone: ask it. */
export function readAddress(path: string): ServiceAddress | undefined {
  const text = readFileIfAny(path);
  return text === undefined ? undefined : parseJson(text, addressFile);
}

export function writeAddress(path: string, address: ServiceAddress): void {
  writePrivateFile(path, `${JSON.stringify(address)}\n`);
}

/** Takes our address away, and no other's. */
export function removeAddress(path: string, pid: number): void {
  if (readAddress(path)?.pid === pid) rmSync(path, { force: true });
}
