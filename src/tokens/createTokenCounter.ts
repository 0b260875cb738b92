import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type ContentMix, contentMix } from './contentMix.ts';
import type { Encoding } from './encodings.ts';
import { TokenCounterClosed } from './errors.ts';
import type { TokenCount, TokenCounter } from './tokenCount.ts';
import { encodingOf, familyCount } from './tokenizerFamilies.ts';
import type { TokenWorker } from './tokenWorker.ts';
import { createWorkerQueue } from './workerQueue.ts';

export interface TokenCounterOptions {
  readonly spawnWorker: () => TokenWorker;
  /** Texts whose counts are remembered. */
  readonly maxEntries?: number;
}

interface Counted {
  readonly tokens: number;
  readonly mix: ContentMix;
}

function keyOf(text: string, encoding: Encoding): string {
  return `${encoding} ${hash('sha1', text, 'base64')}`;
}

/** Counts in one worker thread and remembers: a text is counted once per encoding, also when asked for twice at once. */
export function createTokenCounter({ spawnWorker, maxEntries = 20_000 }: TokenCounterOptions): TokenCounter {
  const queue = createWorkerQueue(spawnWorker);
  const known = new LRUCache<string, Counted>({ max: maxEntries });
  const asked = new Map<string, Promise<Counted>>();
  let closed = false;

  /** Asks for texts that are neither known nor asked for, in one message. */
  const ask = (missing: ReadonlyMap<string, string>, encoding: Encoding): void => {
    const counts = queue.count(encoding, [...missing.values()]);
    for (const [place, [key, text]] of [...missing].entries()) {
      const counted = counts.then((tokens): Counted => {
        const entry = { tokens: tokens[place] ?? 0, mix: contentMix(text) };
        known.set(key, entry);
        return entry;
      });
      asked.set(key, counted);
      const settled = (): boolean => asked.delete(key);
      counted.then(settled, settled);
    }
  };

  const countAll = (texts: readonly string[], encoding: Encoding): Promise<Counted[]> => {
    const keys = texts.map((text) => keyOf(text, encoding));
    const remembered = keys.map((key) => known.get(key));
    if (remembered.every((entry) => entry !== undefined)) return Promise.resolve(remembered);
    const entries = new Map(keys.map((key, place) => [key, remembered[place]]));
    const missing = keys.map((key, place) => [key, texts[place] ?? ''] as const);
    const unasked = new Map(missing.filter(([key]) => entries.get(key) === undefined && !asked.has(key)));
    if (unasked.size > 0) ask(unasked, encoding);
    return Promise.all(keys.flatMap((key) => entries.get(key) ?? asked.get(key) ?? []));
  };

  return {
    count: async (texts, tokenizer) => {
      if (closed) throw new TokenCounterClosed();
      const counted = await countAll(texts, encodingOf(tokenizer));
      return counted.map(({ tokens, mix }): TokenCount => familyCount(tokens, tokenizer, mix));
    },
    peek: (text, tokenizer) => {
      const entry = known.get(keyOf(text, encodingOf(tokenizer)));
      return entry === undefined ? undefined : familyCount(entry.tokens, tokenizer, entry.mix);
    },
    dispose: async () => {
      closed = true;
      known.clear();
      await queue.close();
    },
  };
}
