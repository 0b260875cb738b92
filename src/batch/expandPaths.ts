import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { minimatch } from 'minimatch';
import type { BatchDisk } from './batchDisk.ts';
import { refusals } from './errors.ts';
import type { RefusedFile } from './job.ts';
import { isPromptName } from './promptNames.ts';

export interface ExpandedPaths {
  readonly paths: readonly string[];
  readonly refused: readonly RefusedFile[];
}

/** Never walked into: other people's files, and ours. */
const skipped = new Set(['node_modules', '.git', '.venv', 'venv', 'dist', '__pycache__']);
const magic = /[*?[{]/;
const maxDepth = 32;

/** Folders and patterns as the prompt files that are in them, in order; files stay what they are, wherever they are named. */
export async function expandPaths(
  named: readonly string[],
  disk: Pick<BatchDisk, 'facts' | 'list'>,
): Promise<ExpandedPaths> {
  const paths: string[] = [];
  const refused: RefusedFile[] = [];
  for (const path of named) {
    const facts = isAbsolute(path) ? await disk.facts(path) : undefined;
    if (facts === undefined && magic.test(path) && isAbsolute(path)) {
      const found = await matching(path, disk);
      if (found.length === 0) refused.push({ promptPath: path, reason: refusals.noPromptsIn('pattern') });
      paths.push(...found);
    } else if (facts?.kind === 'folder') {
      const found = await walk(path, disk, (file) => isPromptName(basename(file)));
      if (found.length === 0) refused.push({ promptPath: path, reason: refusals.noPromptsIn('folder') });
      paths.push(...found);
    } else paths.push(path);
  }
  return { paths: [...new Set(paths)], refused };
}

/** Walks from the last folder that is named in full. */
async function matching(pattern: string, disk: Pick<BatchDisk, 'facts' | 'list'>): Promise<readonly string[]> {
  let base = pattern;
  while (magic.test(base)) base = dirname(base);
  const rest = relative(base, pattern).split(sep).join('/');
  const isResult = (file: string): boolean => /\.results?(?:\.\d+)?\.(?:md|json|jsonl)$/.test(file);
  return walk(base, disk, (file) => !isResult(file) && minimatch(relative(base, file).split(sep).join('/'), rest));
}

async function walk(
  folder: string,
  disk: Pick<BatchDisk, 'facts' | 'list'>,
  isWanted: (file: string) => boolean,
  depth = 0,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of [...(await disk.list(folder))].sort()) {
    if (name.startsWith('.') || skipped.has(name)) continue;
    const path = join(folder, name);
    const kind = (await disk.facts(path))?.kind;
    if (kind === 'folder' && depth < maxDepth) found.push(...(await walk(path, disk, isWanted, depth + 1)));
    else if (kind === 'file' && isWanted(path)) found.push(path);
  }
  return found;
}
