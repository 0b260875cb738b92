import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const fileRecord = z.object({ bytes: z.int().positive(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

const recordSchema = z.object({
  id: z.string().min(1),
  /** Whether the hashes were pinned in Tollgate or taken from the files when they were imported. */
  source: z.enum(['pinned', 'imported']),
  pooling: z.enum(['mean', 'cls']),
  maxTokens: z.int().positive(),
  dimensions: z.int().positive(),
  threshold: z.number().min(0.5).max(1),
  model: fileRecord,
  tokenizer: fileRecord,
});

/** What an installed encoder is: written last, so that a folder with a record is complete. */
export type EncoderRecord = z.infer<typeof recordSchema>;

export interface EncoderPaths {
  readonly folder: string;
  readonly model: string;
  readonly tokenizer: string;
  readonly record: string;
}

/** @param home the service's data folder */
export function encoderPaths(home: string, id: string): EncoderPaths {
  const folder = join(home, 'models', id);
  return {
    folder,
    model: join(folder, 'model_quantized.onnx'),
    tokenizer: join(folder, 'tokenizer.json'),
    record: join(folder, 'encoder.json'),
  };
}

/** A name that is safe as the name of a folder. */
export function isEncoderName(id: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id);
}

/** Undefined where no encoder of that name is installed, or its record is damaged. Rejects where the disk fails otherwise. */
export async function readEncoderRecord({ record }: EncoderPaths): Promise<EncoderRecord | undefined> {
  try {
    const parsed = recordSchema.safeParse(JSON.parse(await readFile(record, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return undefined;
    throw error;
  }
}

export async function writeEncoderRecord({ record }: EncoderPaths, content: EncoderRecord): Promise<void> {
  const unfinished = `${record}.new`;
  await writeFile(unfinished, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  await rename(unfinished, record);
}

/** Changes with anything that changes vectors. */
export function encoderId({ id, model, tokenizer, pooling }: EncoderRecord): string {
  return `onnx:${id}:${model.sha256.slice(0, 16)}:${tokenizer.sha256.slice(0, 8)}:${pooling}`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
