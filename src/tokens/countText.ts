import type { CountPiece } from './encodings.ts';
import { cutLongRuns } from './runGuard.ts';

/** Tokens of a text. A byte order mark at its beginning belongs to the file, not to the prompt. */
export function countText(text: string, countPiece: CountPiece): number {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  return cutLongRuns(content).reduce((sum, piece) => sum + countPiece(piece), 0);
}
