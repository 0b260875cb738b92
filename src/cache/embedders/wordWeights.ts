/**
 * How much a word tells about what is asked: an inverse document frequency in steps, written by hand. A word that is not
 * listed is rare, and tells most.
 */
const steps: readonly (readonly [weight: number, words: string])[] = [
  [
    0.1,
    'a an the of to in on at for and is are was were be been do does did it its that this my your our i you we there',
  ],
];

const rare = 1;

const weights: ReadonlyMap<string, number> = new Map(
  steps.flatMap(([weight, words]) => words.split(' ').map((word) => [word, weight] as const)),
);

export function wordWeight(word: string): number {
  return weights.get(word) ?? rare;
}
