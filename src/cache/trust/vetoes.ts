import { createHash } from 'node:crypto';
import { canonicalWording } from '../wording/canonicalWording.ts';

/** Pairs of questions that somebody has judged: one must not answer the other. Digests only. */
export interface Vetoes {
  has(workspaceId: string, asked: string, matched: string): boolean;
  add(workspaceId: string, pair: string): void;
  remove(workspaceId: string, pair: string): void;
}

/** @param known pairs judged wrong before: workspace and `pairDigest` */
export function createVetoes(known: Iterable<readonly [workspaceId: string, pair: string]>): Vetoes {
  const pairs = new Set<string>();
  for (const [workspaceId, pair] of known) pairs.add(`${workspaceId} ${pair}`);
  return {
    // Most workspaces have no veto, and digests cost something.
    has: (workspaceId, asked, matched) => pairs.size > 0 && pairs.has(`${workspaceId} ${pairDigest(asked, matched)}`),
    add: (workspaceId, pair) => {
      pairs.add(`${workspaceId} ${pair}`);
    },
    remove: (workspaceId, pair) => {
      pairs.delete(`${workspaceId} ${pair}`);
    },
  };
}

/** The same for both orders, and for wordings that differ in nothing that counts. */
export function pairDigest(asked: string, matched: string): string {
  const keys = [asked, matched].map((text) => canonicalWording(text).key).sort();
  // Two of equal canonical words differ in what the canonical form drops.
  const texts = keys[0] === keys[1] ? [asked.trim(), matched.trim()].sort() : keys;
  return createHash('sha256').update(JSON.stringify(texts)).digest('base64url');
}
