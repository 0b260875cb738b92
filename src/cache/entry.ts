import * as z from 'zod';
import type { StoredAnswer } from '../wire/storedAnswer.ts';

/** A kept answer with what it is found and judged by. */
export interface CacheEntry {
  readonly key: string;
  /** Present while the semantic cache is on: the question's canonical words within its partition. */
  readonly wordingKey?: string;
  readonly question?: string;
  /** Where the question lies; present while the semantic cache is on and its embedder has answered. */
  readonly place?: VectorPlace;
  readonly workspaceId: string;
  readonly session?: string;
  readonly provider: string;
  readonly model: string;
  readonly answer: StoredAnswer;
  readonly costPicoUsd?: number;
  readonly createdAtMs: number;
  /** Absolute: being used does not move it. */
  readonly expiresAtMs: number;
}

/** A question's vector and where it is compared. */
export interface VectorPlace {
  /** Digest of the partition and the embedder's id: vectors are compared within one only. */
  readonly scope: string;
  readonly embedder: string;
  /** Of length 1. */
  readonly vector: Float32Array;
}

const tokens = z.number().int().nonnegative().optional();

const answerSchema = z.object({
  endpoint: z.enum(['chat.completions', 'completions', 'responses', 'embeddings', 'messages', 'messages.count_tokens']),
  json: z.string(),
  model: z.string(),
  finish: z.enum(['stop', 'length', 'toolUse', 'refusal', 'other']),
  usage: z.object({
    input: tokens,
    cacheRead: tokens,
    cacheWrite5m: tokens,
    cacheWrite1h: tokens,
    output: tokens,
    reasoning: tokens,
    inputAudio: tokens,
    outputAudio: tokens,
    inputImage: tokens,
    outputImage: tokens,
  }),
});

const rowSchema = z.object({
  key: z.string(),
  wording_key: z.string().nullable(),
  question: z.string().nullable(),
  workspace_id: z.string(),
  session: z.string().nullable(),
  provider: z.string(),
  model: z.string(),
  answer: z.string(),
  cost_pico_usd: z.number().nullable(),
  created_at_ms: z.number(),
  expires_at_ms: z.number(),
});

/** Reads a row of `cache_entry`; undefined where it is damaged. */
export function entryOfRow(row: unknown): CacheEntry | undefined {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  const answer = readAnswer(data.answer);
  if (answer === undefined) return undefined;
  return {
    key: data.key,
    ...(data.wording_key === null ? {} : { wordingKey: data.wording_key }),
    ...(data.question === null ? {} : { question: data.question }),
    workspaceId: data.workspace_id,
    ...(data.session === null ? {} : { session: data.session }),
    provider: data.provider,
    model: data.model,
    answer,
    ...(data.cost_pico_usd === null ? {} : { costPicoUsd: data.cost_pico_usd }),
    createdAtMs: data.created_at_ms,
    expiresAtMs: data.expires_at_ms,
  };
}

/** Reads a StoredAnswer from its JSON; undefined where it is damaged. */
export function readAnswer(text: string): StoredAnswer | undefined {
  try {
    const parsed = answerSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return undefined;
    const { usage, ...rest } = parsed.data;
    return { ...rest, usage: Object.fromEntries(Object.entries(usage).filter(([, count]) => count !== undefined)) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Bytes an entry is counted as: its texts, its vector, and something for the rows and their indexes. */
export function entryBytes(entry: CacheEntry): number {
  const vector = entry.place === undefined ? 0 : 128 + entry.place.vector.length;
  return 512 + Buffer.byteLength(entry.answer.json) + Buffer.byteLength(entry.question ?? '') + vector;
}
