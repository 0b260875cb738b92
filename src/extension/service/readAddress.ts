import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ServiceAddress } from '../../service/api.ts';

const addressSchema = z.object({
  port: z.int().min(1).max(65_535),
  pid: z.int().positive(),
  version: z.string(),
  controlToken: z.string().min(1),
});

/** Reads the discovery file. Undefined when there is none, or one that is half written or not ours. */
export async function readAddress(home: string): Promise<ServiceAddress | undefined> {
  let text: string;
  try {
    text = await readFile(join(home, 'service.json'), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return parseAddress(text);
}

function parseAddress(text: string): ServiceAddress | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return addressSchema.safeParse(json).data;
}
