import { canonicalWording } from '../wording/canonicalWording.ts';
import type { Embedder, QuestionText } from './embedder.ts';
import { featuresOf } from './lexicalFeatures.ts';

const dimensions = 512;
/** Raise it with every change of features, weights or canonical wording that moves vectors. */
const revision = 3;
/** Measured on labelled pairs together with the guards: see `test/fixtures/cache`. */
const threshold = 0.955;

/**
 * Words and their parts, hashed into 512 dimensions and weighted by how much a word tells: nothing to download, the same on
 * every machine. It finds the same question in another order or with other small words; what means the same in altogether
 * other words is for a sentence encoder.
 */
export function createLexicalEmbedder(): Embedder {
  return {
    id: `lexical-${revision}`,
    dimensions,
    threshold,
    deadlineMs: 50,
    embed: async (texts) => texts.map((text) => vectorOf({ text, wording: canonicalWording(text) })),
    embedNow: vectorOf,
  };
}

function vectorOf({ wording }: QuestionText): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const [feature, weight] of featuresOf(wording)) {
    const hash = hashOf(feature);
    // The sign keeps two features that meet in one dimension from looking alike.
    const place = hash % dimensions;
    vector[place] = (vector[place] ?? 0) + (hash & 0x10000000 ? weight : -weight);
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  return vector.map((value) => value / length);
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}
