import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ProxyRequest } from '../proxy/exchange.ts';
import { readFileIfAny } from './privateFile.ts';

/** What a folder's repository has checked out. */
export interface GitHead {
  /** Absent while no branch is checked out. */
  readonly branch?: string;
  /** Absent before the first commit. */
  readonly commit?: string;
}

/** A commit or a checkout is seen by calls that come this long after it. */
const maxAgeMs = 1_000;
const branchHeader = 'x-tollgate-branch';
const commitHeader = 'x-tollgate-commit';

/**
 * Tells which branch and commit a call was made on. It is looked up when the call comes, and not put into the
 * environment of terminals: that stays what it was when the terminal was opened, and would name an old commit.
 * @param clock milliseconds
 */
export function createGitHeads(clock: () => number): (folder: string) => GitHead {
  const known = new Map<string, { readonly head: GitHead; readonly atMs: number }>();
  return (folder) => {
    const now = clock();
    const found = known.get(folder);
    if (found !== undefined && now - found.atMs < maxAgeMs) return found.head;
    const head = readGitHead(folder);
    known.set(folder, { head, atMs: now });
    return head;
  };
}

/** The request with the headers that attribution reads, where the client has not sent its own. */
export function withGitHead(request: ProxyRequest, head: GitHead): ProxyRequest {
  const sent = new Set(request.headers.map(([name]) => name.toLowerCase()));
  if (sent.has(branchHeader) || sent.has(commitHeader)) return request;
  const added = [
    ...(head.branch === undefined ? [] : [[branchHeader, head.branch] as const]),
    ...(head.commit === undefined ? [] : [[commitHeader, head.commit] as const]),
  ];
  return added.length === 0 ? request : { ...request, headers: [...request.headers, ...added] };
}

/** Reads `.git` itself (gitrepository-layout(5)): starting `git` for each call would take longer than the call. */
export function readGitHead(folder: string): GitHead {
  try {
    const gitFolder = findGitFolder(folder);
    const head = gitFolder === undefined ? undefined : readFileIfAny(join(gitFolder, 'HEAD'))?.trim();
    if (gitFolder === undefined || head === undefined) return {};
    const ref = /^ref: (refs\/heads\/(.+))$/.exec(head);
    if (ref === null) return commitIn(head);
    const [, name = '', branch = ''] = ref;
    // Repositories with the reftable format keep their refs elsewhere and say so by this name.
    if (branch === '.invalid') return {};
    return { branch, ...commitOfRef(gitFolder, name) };
  } catch {
    // A repository that cannot be read leaves the call without a branch, which is shown as such.
    return {};
  }
}

function findGitFolder(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const path = join(at, '.git');
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) return path;
    // Worktrees and submodules have a file that says where theirs is.
    const elsewhere = stat?.isFile() ? /^gitdir: (.+)/.exec(readFileIfAny(path) ?? '')?.[1] : undefined;
    if (elsewhere !== undefined) return resolve(at, elsewhere.trim());
    if (dirname(at) === at) return undefined;
  }
}

function commitOfRef(gitFolder: string, name: string): GitHead {
  const common = readFileIfAny(join(gitFolder, 'commondir'))?.trim();
  const shared = common === undefined ? gitFolder : resolve(gitFolder, common);
  const loose = readFileIfAny(join(shared, name))?.trim();
  if (loose !== undefined) return commitIn(loose);
  const packed = readFileIfAny(join(shared, 'packed-refs')) ?? '';
  const line = packed.split('\n').find((each) => each.trimEnd().endsWith(` ${name}`));
  return line === undefined ? {} : commitIn(line.split(' ')[0] ?? '');
}

function commitIn(text: string): GitHead {
  return /^[0-9a-f]{40,64}$/.test(text) ? { commit: text } : {};
}
