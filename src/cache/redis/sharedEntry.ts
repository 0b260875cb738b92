import * as z from 'zod';
import type { CacheSelection, CacheStats } from '../answerCache.ts';
import { type CacheEntry, readAnswer } from '../entry.ts';

const schema = z.object({
  key: z.string(),
  wordingKey: z.string().optional(),
  question: z.string().optional(),
  workspaceId: z.string(),
  session: z.string().optional(),
  provider: z.string(),
  model: z.string(),
  answer: z.string(),
  costPicoUsd: z.number().optional(),
  createdAtMs: z.number(),
  expiresAtMs: z.number(),
  vectorScope: z.string().optional(),
});

/** An entry as it is in a shared store: its vector is in a set, named here. */
export interface SharedEntry {
  readonly entry: CacheEntry;
  readonly vectorScope: string | undefined;
  readonly bytes: number;
}

export function sharedEntryText({ place, answer, ...entry }: CacheEntry): string {
  return JSON.stringify({ ...entry, answer: JSON.stringify(answer), vectorScope: place?.scope });
}

/** Undefined where it is damaged or not ours. */
export function sharedEntryOf(text: unknown): SharedEntry | undefined {
  if (typeof text !== 'string') return undefined;
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { wordingKey, question, session, costPicoUsd, vectorScope, answer: answerText, ...rest } = parsed.data;
  const answer = readAnswer(answerText);
  if (answer === undefined) return undefined;
  const entry = {
    ...rest,
    answer,
    ...(wordingKey === undefined ? {} : { wordingKey }),
    ...(question === undefined ? {} : { question }),
    ...(session === undefined ? {} : { session }),
    ...(costPicoUsd === undefined ? {} : { costPicoUsd }),
  };
  return { entry, vectorScope, bytes: Buffer.byteLength(text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function isSelected(entry: CacheEntry, { session, provider, model }: CacheSelection): boolean {
  return (
    (session === undefined || entry.session === session) &&
    (provider === undefined || entry.provider === provider) &&
    (model === undefined || entry.model === model)
  );
}

export async function statsOf(
  entries: readonly SharedEntry[],
  hitsOf: (key: string) => Promise<number>,
): Promise<CacheStats> {
  const models = new Map<string, { model: string; entries: number; bytes: number }>();
  const sessions = new Map<string, { session: string; entries: number; lastMs: number }>();
  for (const { entry, bytes } of entries) {
    const { session, createdAtMs } = entry;
    if (session !== undefined) {
      const known = sessions.get(session) ?? { session, entries: 0, lastMs: 0 };
      sessions.set(session, {
        session,
        entries: known.entries + 1,
        lastMs: Math.max(known.lastMs, createdAtMs),
      });
    }
    const model = `${entry.provider}/${entry.model}`;
    const sums = models.get(model) ?? { model, entries: 0, bytes: 0 };
    models.set(model, { model, entries: sums.entries + 1, bytes: sums.bytes + bytes });
  }
  const hits = await Promise.all(entries.map(({ entry }) => hitsOf(entry.key)));
  return {
    entries: entries.length,
    bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
    hits: hits.reduce((sum, count) => sum + count, 0),
    models: [...models.values()].toSorted((a, b) => b.bytes - a.bytes),
    sessions: [...sessions.values()].toSorted((a, b) => b.lastMs - a.lastMs),
  };
}
