import { basename, dirname, join } from 'node:path';
import { sourceLanguage } from '../detect/sourceLanguage.ts';
import type { Disk } from './disk.ts';
import { createIgnoreRules, type IgnoreRules } from './ignoreRules.ts';

export type WalkedFile =
  | { readonly kind: 'file'; readonly path: string }
  /** A folder or file that could not be read or is not there. */
  | { readonly kind: 'problem'; readonly path: string; readonly error: unknown };

const decoder = new TextDecoder();

async function gitignoreOf(disk: Disk, folder: string): Promise<string | undefined> {
  const path = join(folder, '.gitignore');
  return (await disk.kindOf(path)) === 'file' ? decoder.decode(await disk.read(path)) : undefined;
}

/** The rules of the folders above, up to the root of the repository; undefined at that root and outside one. */
async function rulesAbove(disk: Disk, folder: string): Promise<IgnoreRules | undefined> {
  const above: string[] = [];
  for (let at = folder; (await disk.kindOf(join(at, '.git'))) === undefined; at = dirname(at)) {
    if (dirname(at) === at) return undefined;
    above.unshift(dirname(at));
  }
  let rules: IgnoreRules | undefined;
  for (const at of above) {
    const own = await gitignoreOf(disk, at);
    rules = rules ? rules.below(basename(at), own) : createIgnoreRules(own);
  }
  return rules;
}

/** @param rulesWith the folder's rules, given the text of its own `.gitignore` */
async function* walkFolder(
  disk: Disk,
  folder: string,
  rulesWith: (gitignore: string | undefined) => IgnoreRules,
  signal: AbortSignal,
): AsyncGenerator<WalkedFile> {
  const entries = await disk.list(folder);
  const hasOwn = entries.some(({ name, kind }) => name === '.gitignore' && kind === 'file');
  const rules = rulesWith(hasOwn ? decoder.decode(await disk.read(join(folder, '.gitignore'))) : undefined);
  for (const { name, kind } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (signal.aborted) return;
    const path = join(folder, name);
    if (kind === 'file') {
      if (sourceLanguage(path) !== undefined && !rules.ignores(name, false)) yield { kind: 'file', path };
    } else if (kind === 'folder' && !rules.ignores(name, true)) {
      yield* guarded(
        path,
        walkFolder(disk, path, (gitignore) => rules.below(name, gitignore), signal),
      );
    }
  }
}

/** A folder that cannot be read is a problem of its own and ends nothing else. */
async function* guarded(path: string, files: AsyncGenerator<WalkedFile>): AsyncGenerator<WalkedFile> {
  try {
    yield* files;
  } catch (error) {
    yield { kind: 'problem', path, error };
  }
}

/**
 * The source files under a path, in the order of their names. A folder is walked by the rules of `.gitignore`, nested
 * ones too, and without the folders of tools; dot files are walked, symbolic links are not followed.
 * A file named outright is given whatever the rules say.
 */
export async function* walkFiles(disk: Disk, path: string, signal: AbortSignal): AsyncGenerator<WalkedFile> {
  const kind = await disk.kindOf(path);
  if (kind === 'file') yield { kind: 'file', path };
  else if (kind === 'folder') {
    const above = await rulesAbove(disk, path);
    const rulesWith = (gitignore: string | undefined): IgnoreRules =>
      above ? above.below(basename(path), gitignore) : createIgnoreRules(gitignore);
    yield* guarded(path, walkFolder(disk, path, rulesWith, signal));
  } else yield { kind: 'problem', path, error: new Error('There is no such file or folder') };
}
