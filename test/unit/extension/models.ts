import { loadCatalog } from '../../../src/catalog/loadCatalog.ts';
import type { AliasConfig, Config, Target } from '../../../src/config/config.ts';

/** A small catalogue with prices of its own, so that a price change breaks no test of a text. */
export const catalog = loadCatalog({
  schema: 1,
  asOf: '2026-09-22',
  sources: [{ name: 'price list' }],
  models: {
    openai: [
      {
        id: 'gpt-4o',
        match: ['gpt-4o#'],
        usd: { input: 2.5, cacheRead: 1.25, output: 10 },
        batch: 0.5,
        context: 128000,
        maxOutput: 16384,
        tokenizer: 'o200k',
      },
      { id: 'gpt-4o-mini', usd: { input: 0.15, cacheRead: 0.075, output: 0.6 }, tokenizer: 'o200k' },
      { id: 'text-embedding-3-small', usd: { input: 0.02 }, tokenizer: 'cl100k' },
      { id: 'gpt-old', usd: { input: 30, output: 60 }, tokenizer: 'cl100k', deprecated: '2026-03-31' },
    ],
    anthropic: [{ id: 'claude-sonnet-5', usd: { input: 2, output: 10 }, context: 200000, tokenizer: 'claude-5' }],
    google: [
      {
        id: 'gemini-3-pro',
        usd: { input: 2, cacheRead: 0.2, output: 12 },
        long: { above: 200000, usd: { input: 4, cacheRead: 0.4, output: 18 } },
        tokenizer: 'gemini',
      },
    ],
  },
});

/** An alias as the configuration holds it, with its first target only. */
export function aliasFor(provider: string, model: string): AliasConfig {
  const target: Target = { provider, model };
  return { targets: [target], onOverflow: 'error', fallback: { on: [], maxAttempts: 1, deadlineMs: 1000 } };
}

export const aliases: Config['aliases'] = {
  quality: aliasFor('anthropic', 'claude-sonnet-5'),
  cheap: aliasFor('openai', 'gpt-4o-mini'),
  main: aliasFor('openai', 'gpt-4o'),
};
