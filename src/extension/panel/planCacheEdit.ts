import { applyEdits, modify } from 'jsonc-parser';

/** The caches that can be switched on by a click. */
export type CacheKind = 'exact' | 'semantic';

const emptyConfig = '{\n  "version": 1\n}\n';

/**
 * `tollgate.jsonc` with one cache switched on; comments and order are kept.
 * @param text undefined where there is no file yet
 */
export function withCacheOn(text: string | undefined, kind: CacheKind): string {
  const before = text === undefined || text.trim() === '' ? emptyConfig : text;
  const edits = modify(before, ['cache', kind, 'mode'], 'on', {
    formattingOptions: { insertSpaces: true, tabSize: 2 },
  });
  return applyEdits(before, edits);
}
