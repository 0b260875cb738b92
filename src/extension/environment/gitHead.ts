import { extensions, type WorkspaceFolder } from 'vscode';
import { describeError, type Log } from '../log.ts';

export interface GitHead {
  readonly branch?: string;
  readonly commit?: string;
}

/** The part of the built-in Git extension's API (version 1) that we read. */
interface GitApi {
  getRepository(uri: WorkspaceFolder['uri']): { readonly state: { readonly HEAD?: unknown } } | null;
}

/**
 * Asks the built-in Git extension for a folder's branch and commit. Undefined where it is switched off, not active yet,
 * or knows no repository.
 */
export function readGitHead(folder: WorkspaceFolder | undefined, log: Log): GitHead | undefined {
  if (folder === undefined) return undefined;
  try {
    const git = extensions.getExtension<unknown>('vscode.git');
    const api = git?.isActive === true && hasApi(git.exports) ? git.exports.getAPI(1) : undefined;
    return headOf(api?.getRepository(folder.uri)?.state.HEAD);
  } catch (error) {
    // The API throws while `git.enabled` is false.
    log.debug('no branch and commit', describeError(error));
    return undefined;
  }
}

function hasApi(exports: unknown): exports is { getAPI(version: 1): GitApi } {
  return typeof exports === 'object' && exports !== null && 'getAPI' in exports && typeof exports.getAPI === 'function';
}

function headOf(head: unknown): GitHead | undefined {
  if (typeof head !== 'object' || head === null) return undefined;
  return { ...textOf(head, 'name', 'branch'), ...textOf(head, 'commit', 'commit') };
}

function textOf<K extends string>(head: object, from: string, to: K): { readonly [key in K]?: string } {
  const value: unknown = Object.entries(head).find(([key]) => key === from)?.[1];
  // A header takes one line of printable ASCII; a branch can be named in any script.
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) return {};
  const named: { [key in K]?: string } = {};
  named[to] = value;
  return named;
}
