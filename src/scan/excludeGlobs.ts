import { Minimatch } from 'minimatch';

/** Whether an entry is left out. Paths are relative to the scanned folder, with `/`. */
export type Exclude = (relativePath: string) => boolean;

/**
 * Globs as VS Code's `files.exclude` has them: relative to the folder, `**` for any depth, `{a,b}`, `?`, `[…]`. One that
 * names a folder leaves out all that is in it. A leading `/` means the folder itself too.
 */
export function excludeGlobs(globs: readonly string[]): Exclude {
  const patterns = globs.map((glob) => {
    const own = glob.replaceAll('\\', '/').replace(/^\.?\/|\/$/g, '');
    // `**/dist/**` must stop the walk at `dist`, not at each entry below.
    const folder = own.replace(/\/\*\*(?:\/\*)?$/, '');
    const pattern = new Minimatch(folder, { dot: true, nocomment: true, nonegate: true });
    const expression = folder === '' ? undefined : pattern.makeRe();
    return expression instanceof RegExp ? expression : undefined;
  });
  return (relativePath) => patterns.some((pattern) => pattern?.test(relativePath));
}
