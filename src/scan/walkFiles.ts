import { basename, dirname, join } from 'node:path';
import { sourceLanguage } from '../detect/sourceLanguage.ts';
import type { Disk, DiskEntry } from './disk.ts';
import type { Exclude } from './excludeGlobs.ts';
import { createIgnoreRules, type IgnoreRules } from './ignoreRules.ts';

export type WalkedFile =
  | { readonly kind: 'file'; readonly path: string }
  /** A folder or file that could not be read or is not there. */
  | { readonly kind: 'problem'; readonly path: string; readonly error: unknown };

export interface WalkOptions {
  readonly signal: AbortSignal;
  /** What is left out beside what `.gitignore` says. */
  readonly excludes?: Exclude | undefined;
}

interface Folder {
  readonly kind: 'folder';
  readonly path: string;
  /** Relative to the folder that the walk began in, with a final `/`; empty there. */
  readonly prefix: string;
  /** The folder's rules, given the texts of its own. */
  readonly rulesWith: (own: readonly string[]) => IgnoreRules;
}

const decoder = new TextDecoder();

/** Rules that lie in a folder, the weaker first: of a repository what is kept out of it, then `.gitignore`. */
async function ownRules(disk: Disk, folder: string, entries: readonly DiskEntry[]): Promise<string[]> {
  const paths: string[] = [];
  if (entries.some(({ name, kind }) => name === '.git' && kind === 'folder')) {
    const exclude = join(folder, '.git', 'info', 'exclude');
    if ((await disk.kindOf(exclude)) === 'file') paths.push(exclude);
  }
  if (entries.some(({ name, kind }) => name === '.gitignore' && kind === 'file'))
    paths.push(join(folder, '.gitignore'));
  return Promise.all(paths.map(async (path) => decoder.decode(await disk.read(path))));
}

/** The rules of the folders above, up to the root of the repository; undefined where there are none to go by. */
async function rulesAbove(disk: Disk, folder: string): Promise<IgnoreRules | undefined> {
  const above: string[] = [];
  for (let at = folder; (await disk.kindOf(join(at, '.git'))) === undefined; at = dirname(at)) {
    if (dirname(at) === at) return undefined;
    above.unshift(dirname(at));
  }
  let rules: IgnoreRules | undefined;
  for (const at of above) {
    const own = await ownRules(disk, at, await disk.list(at));
    rules = rules ? rules.below(basename(at), own) : createIgnoreRules(own);
  }
  // A folder that they leave out was named all the same: they say nothing about what is in it.
  return rules?.ignores(basename(folder), true) ? undefined : rules;
}

/** The files and folders of a folder that are not left out, in the order of their names. */
async function listFolder(disk: Disk, folder: Folder, excludes: Exclude): Promise<(WalkedFile | Folder)[]> {
  const entries = await disk.list(folder.path);
  const rules = folder.rulesWith(await ownRules(disk, folder.path, entries));
  const found: (WalkedFile | Folder)[] = [];
  for (const { name, kind } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (kind === 'other' || (kind === 'file' && sourceLanguage(name) === undefined)) continue;
    const relative = folder.prefix + name;
    if (rules.ignores(name, kind === 'folder') || excludes(relative)) continue;
    const path = join(folder.path, name);
    if (kind === 'file') found.push({ kind, path });
    else found.push({ kind, path, prefix: `${relative}/`, rulesWith: (own) => rules.below(name, own) });
  }
  return found;
}

/**
 * The source files under a path, in the order of their names. A folder is walked by the rules of `.gitignore`, nested
 * ones too, and of `.git/info/exclude`, without the folders of tools and without what `excludes` names; dot files are
 * walked, symbolic links are not followed. A file or folder named outright is given whatever the rules above it say.
 */
export async function* walkFiles(
  disk: Disk,
  path: string,
  { signal, excludes = () => false }: WalkOptions,
): AsyncGenerator<WalkedFile> {
  const kind = await disk.kindOf(path);
  if (kind === 'file') yield { kind: 'file', path };
  if (kind === undefined) yield { kind: 'problem', path, error: new Error('There is no such file or folder') };
  if (kind !== 'folder') return;
  let above: IgnoreRules | undefined;
  try {
    above = await rulesAbove(disk, path);
  } catch (error) {
    // What the folders above leave out is not known; what lies here can be read all the same.
    yield { kind: 'problem', path: dirname(path), error };
  }
  const rulesWith = (own: readonly string[]): IgnoreRules =>
    above ? above.below(basename(path), own) : createIgnoreRules(own);
  // The next is the last: folders are gone into where their name stands.
  const ahead: (WalkedFile | Folder)[] = [{ kind: 'folder', path, prefix: '', rulesWith }];
  for (let next = ahead.pop(); next && !signal.aborted; next = ahead.pop()) {
    if (next.kind !== 'folder') {
      yield next;
      continue;
    }
    try {
      ahead.push(...(await listFolder(disk, next, excludes)).reverse());
    } catch (error) {
      // A folder that cannot be read is a problem of its own and ends nothing else.
      yield { kind: 'problem', path: next.path, error };
    }
  }
}
