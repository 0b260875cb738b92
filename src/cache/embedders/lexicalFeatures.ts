import type { CanonicalWording } from '../wording/canonicalWording.ts';
import { wordWeight } from './wordWeights.ts';

/** Share of a word's weight that its parts carry, so that forms of one word and slips of typing stay near. */
const partsShare = 0.35;

/** Share of a word's weight that stands for its place beside the word before. */
const neighboursShare = 0.6;

/** Words of less weight come and go between two that tell something; "of" says which owns which. */
const tellingWeight = 0.5;

/** Features of a question with their weights: its form, its canonical words, and the parts of longer words. */
export function featuresOf({ form, key }: CanonicalWording): Map<string, number> {
  const features = new Map<string, number>([[`f:${form}`, 0.4]]);
  const add = (feature: string, weight: number): void => {
    features.set(feature, (features.get(feature) ?? 0) + weight);
  };
  let before = '';
  for (const word of key.slice(form.length + 2).split(' ')) {
    const plain = word.replace(/^[~^="]/, '');
    if (plain === '' || /^[,.]$/.test(plain)) continue;
    const weight = wordWeight(plain);
    add(`w:${plain}`, weight);
    // Who does what to whom is told by order: words alone would place "a list of tuples" on "a tuple of lists".
    if (weight >= tellingWeight || plain === 'of') {
      if (before !== '') add(`n:${before} ${plain}`, Math.max(wordWeight(before), weight) * neighboursShare);
      before = plain;
    }
    const parts = partsOf(plain);
    for (const part of parts) add(`p:${part}`, (weight * partsShare) / Math.sqrt(parts.length));
  }
  return features;
}

/** Runs of four letters, with the word's ends. */
function partsOf(word: string): string[] {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return [];
  const marked = `<${word}>`;
  return Array.from({ length: marked.length - 3 }, (_, start) => marked.slice(start, start + 4));
}
