import { countText } from './countText.ts';
import { loadEncoding } from './encodings.ts';

/**
 * A counter in the caller's own thread, for where every text is small and an answer must be whole at once (the demo
 * provider). Loads the o200k vocabulary (about 60 MB), so call it when the first count is needed and keep the result.
 */
export async function loadCountO200kSync(): Promise<(text: string) => number> {
  const countPiece = await loadEncoding('o200k');
  return (text) => countText(text, countPiece);
}
