import * as z from 'zod';
import groups from './developerPairs.json' with { type: 'json' };

export interface LabelledPair {
  readonly a: string;
  readonly b: string;
  /** One answer serves both. */
  readonly isSame: boolean;
}

const schema = z.array(z.strictObject({ ask: z.string(), same: z.array(z.string()), other: z.array(z.string()) }));

/**
 * Questions of developers, written for this: each with two in other words, and two near ones that want another answer. Near
 * misses are far more frequent here than in anybody's traffic, so a rate of wrong hits found here is a cautious one.
 */
export function developerPairs(): readonly LabelledPair[] {
  return schema
    .parse(groups)
    .flatMap(({ ask, same, other }) => [
      ...same.map((b) => ({ a: ask, b, isSame: true })),
      ...other.map((b) => ({ a: ask, b, isSame: false })),
    ]);
}
