import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';

const figures = z.record(z.string(), z.number());
const tier = z.union([z.number(), figures]);

/** What a source adds to a model that the base lists. Figures of `usd` and `long` are added kind by kind. */
const addition = z.strictObject({
  usd: figures.optional(),
  batch: tier.optional(),
  flex: tier.optional(),
  priority: tier.optional(),
  long: z
    .strictObject({ usd: figures.optional(), batch: tier.optional(), flex: tier.optional(), priority: tier.optional() })
    .optional(),
  fees: figures.optional(),
  context: z.number().optional(),
  maxOutput: z.number().optional(),
  deprecated: z.string().optional(),
  successor: z.string().optional(),
});

/** A model that the base does not list. */
const addedRow = z.strictObject({
  id: z.string(),
  match: z.array(z.string()).optional(),
  usd: figures.optional(),
  batch: tier.optional(),
  fees: figures.optional(),
  note: z.string().optional(),
  deprecated: z.string().optional(),
  successor: z.string().optional(),
});

const source = z.strictObject({ name: z.string(), date: z.string(), licence: z.string().optional(), url: z.string() });

const correction = z.strictObject({
  /** `provider/id`; a `*` at the end stands for the rest of an id. */
  models: z.array(z.string()),
  reason: z.string(),
  drop: z.literal(true).optional(),
  /** Replaces whole members of the row; null takes one away. */
  set: z.record(z.string(), z.unknown()).optional(),
});

const supplementSchema = z.strictObject({
  asOf: z.string(),
  base: source,
  /** Providers of the base that are shipped, with the name they have here where it is another. */
  providers: z.record(z.string(), z.string()),
  /** Whose prices hold where a provider resells under the maker's names. */
  fallbacks: z.record(z.string(), z.array(z.string())),
  /** First rule that an id fits, of one provider or (`*`) any. */
  tokenizers: z.array(z.tuple([z.string(), z.string()])),
  supplements: z.array(
    z.strictObject({
      source,
      models: z.record(z.string(), addition),
      added: z.record(z.string(), z.array(addedRow)).optional(),
    }),
  ),
  corrections: z.array(correction),
});

export type Supplement = z.infer<typeof supplementSchema>;
export type Addition = z.infer<typeof addition>;

/** Reads `supplement.json`. @throws where it is not of the form above */
export function readSupplement(): Supplement {
  return supplementSchema.parse(JSON.parse(readFileSync(resolve(import.meta.dirname, 'supplement.json'), 'utf8')));
}
