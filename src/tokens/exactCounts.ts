import { createHash } from 'node:crypto';

/** Counts that a provider gave, by model and text; kept over sessions. Texts are kept as hashes only. */
export interface ExactCounts {
  /** @param model `anthropic/claude-sonnet-4-5` */
  get(model: string, text: string): number | undefined;
  set(model: string, text: string, tokens: number): Promise<void>;
}

export interface ExactCountsStore {
  /** What `save` was given last; anything else counts as nothing. */
  readonly load: () => unknown;
  readonly save: (entries: readonly (readonly [key: string, tokens: number])[]) => PromiseLike<void>;
}

/** A prompt that nobody has counted again for this many others is forgotten. */
const mostEntries = 2000;

function keyOf(model: string, text: string): string {
  return createHash('sha256').update(`${model}\0${text}`).digest('base64url').slice(0, 22);
}

function isEntry(value: unknown): value is readonly [string, number] {
  return Array.isArray(value) && typeof value[0] === 'string' && Number.isSafeInteger(value[1]) && value[1] >= 0;
}

export function createExactCounts({ load, save }: ExactCountsStore): ExactCounts {
  let entries: Map<string, number> | undefined;
  const known = (): Map<string, number> => {
    const stored = entries === undefined ? load() : undefined;
    entries ??= new Map(Array.isArray(stored) ? stored.filter(isEntry) : []);
    return entries;
  };
  return {
    get: (model, text) => (known().size === 0 ? undefined : known().get(keyOf(model, text))),
    set: async (model, text, tokens) => {
      const key = keyOf(model, text);
      known().delete(key);
      known().set(key, tokens);
      await save([...known()].slice(-mostEntries));
    },
  };
}
