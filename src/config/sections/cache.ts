import * as z from 'zod';
import { tabStop } from './snippet.ts';

const year = 366 * 86_400_000;
const ttlMs = z
  .int()
  .min(1000)
  .max(year)
  .meta({
    markdownDescription: 'How long an answer may be reused, in milliseconds. 86400000 is a day.',
    examples: [3_600_000, 86_400_000],
  });

const modeDescriptions = {
  off: 'Nothing is stored or served.',
  shadow: 'What would have been served is recorded, nothing is served.',
  on: 'Stored answers are served.',
};

const exactMode = z.enum(['off', 'shadow', 'on', 'auto']).meta({
  markdownDescription: 'Whether answers to the very same request are reused. The default is `auto`.',
  markdownEnumDescriptions: [
    modeDescriptions.off,
    modeDescriptions.shadow,
    modeDescriptions.on,
    '`on` for requests that ask for determinism (`temperature: 0` or a `seed`), `shadow` for the rest. The default.',
  ],
});

const semanticMode = z.enum(['off', 'shadow', 'on']).meta({
  markdownDescription: 'Whether answers to the same question in other words are reused. The default is `shadow`.',
  markdownEnumDescriptions: [modeDescriptions.off, modeDescriptions.shadow, modeDescriptions.on],
});

/** The cache of a route: what it says about modes goes before what `cache` says. */
export const routeCacheSchema = z
  .strictObject({ exact: exactMode.optional(), semantic: semanticMode.optional() })
  .meta({ markdownDescription: 'Modes of the cache for calls that take this route, in place of those of `cache`.' });

const exact = z
  .strictObject({
    mode: exactMode.optional(),
    ttlMs: ttlMs.optional(),
    maxBytes: z
      .int()
      .min(1_048_576)
      .max(68_719_476_736)
      .meta({ markdownDescription: 'Size of all stored answers together.' })
      .optional(),
  })
  .meta({ markdownDescription: 'Answers to the very same request.' });

const semantic = z
  .strictObject({
    mode: semanticMode.optional(),
    embedder: z
      .string()
      .regex(/^(?:lexical|onnx:[A-Za-z0-9][A-Za-z0-9._-]{0,63}|[A-Za-z][A-Za-z0-9_.-]{0,63}\/\S+)$/, {
        error: 'must be lexical, onnx:MODEL or provider/model',
      })
      .meta({
        markdownDescription:
          'What compares questions. `lexical` (the default) works by words, on this machine. `onnx:MODEL` is a sentence encoder on this machine, fetched by “Tollgate: Download Embedding Model…”. `provider/model` asks a provider of this file with an OpenAI-compatible `/embeddings`: **each question is sent there**, and billed as that provider bills.',
        examples: ['lexical', 'onnx:bge-small-en-v1.5', 'onnx:all-MiniLM-L6-v2', 'openai/text-embedding-3-small'],
        patternErrorMessage: 'Write lexical, onnx:MODEL or provider/model.',
      })
      .optional(),
    threshold: z
      .number()
      .min(0.5)
      .max(1)
      .meta({
        markdownDescription:
          'How alike two prompts must be; 1 = the same. Without it, what the embedder was calibrated to.',
      })
      .optional(),
    ttlMs: ttlMs.optional(),
  })
  .meta({ markdownDescription: 'Answers to a request that asks the same in other words.' });

function holdsPassword(url: string): boolean {
  return URL.canParse(url) && new URL(url).password !== '';
}

const redisUrl = z
  .string()
  .regex(/^(?:rediss?:\/\/\S+|(?:secret|env):[A-Za-z0-9_.-]{1,64})$/, {
    error: 'must be redis://…, rediss://…, secret:NAME or env:NAME',
  })
  .refine((url) => !holdsPassword(url), { error: 'must not hold a password: write env:NAME or secret:NAME instead' });

const store = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sqlite'),
    key: z
      .string()
      .regex(/^(?:secret|env):[A-Za-z0-9_.-]{1,64}$/, { error: 'must be secret:NAME or env:NAME' })
      .meta({
        markdownDescription:
          'Encrypts kept questions, answers and vectors with this key (AES-256-GCM): `secret:NAME` or `env:NAME`, 32 characters or more. Without the key nothing is kept or served.',
        examples: ['secret:cache'],
      })
      .optional(),
  }),
  z.strictObject({
    kind: z.literal('redis'),
    url: redisUrl.meta({
      markdownDescription: 'Where Redis is, without a password: `redis://host:6379`, or `env:NAME` / `secret:NAME`.',
    }),
    prefix: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9:_-]{0,63}$/, { error: 'must be letters, digits, “:”, “_” and “-”' })
      .meta({
        markdownDescription:
          'What the name of each key begins with, for access rules of Redis. The default is `tollgate`.',
        examples: ['tollgate:team-a'],
      })
      .optional(),
  }),
]);

export const cacheSchema = z
  .strictObject({
    scope: z
      .enum(['session', 'workspace', 'team'])
      .meta({
        markdownDescription: 'Who may be served an answer. The default is `session`.',
        markdownEnumDescriptions: [
          'The same terminal, task or debug session.',
          'Everything in this workspace.',
          'Everybody who shares the store: with `redis` whoever uses it with the same prefix, whatever their keys; with `sqlite` this workspace.',
        ],
      })
      .optional(),
    exact: exact.optional(),
    semantic: semantic.optional(),
    store: store
      .meta({
        markdownDescription: 'Where answers are kept. The default is `sqlite`, on this machine.',
        defaultSnippets: [
          { label: 'sqlite', body: { kind: 'sqlite' } },
          { label: 'redis', body: { kind: 'redis', url: tabStop(1, 'redis://127.0.0.1:6379') } },
        ],
      })
      .optional(),
  })
  .meta({ markdownDescription: 'Reuse of answers.' });
