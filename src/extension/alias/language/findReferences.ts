import {
  type CancellationToken,
  Location,
  Range,
  type TextDocument,
  Uri,
  type WorkspaceFolder,
  workspace,
} from 'vscode';
import type { AliasReference } from '../../../advice/aliasReferences.ts';
import { folderFor } from '../../config/configStore.ts';
import type { Host } from '../../host.ts';
import type { Scanner } from '../../scan/createScanner.ts';
import type { JobFor } from '../../scan/scanJobs.ts';
import type { AliasHit } from '../../scan/scanMessages.ts';
import { type AliasPlaceDeps, referencesIn } from './aliasPlace.ts';

export interface ReferenceDeps extends AliasPlaceDeps {
  readonly host: Host;
  readonly scanner: Scanner;
  readonly jobFor: JobFor;
}

/** A place in code that names an alias. */
export interface CodeReference extends Pick<AliasReference, 'alias' | 'member'> {
  readonly location: Location;
}

/** The places in a folder's code that name one of the aliases: open documents as they are typed, the others on disk. */
export async function findReferences(
  deps: ReferenceDeps,
  folder: WorkspaceFolder,
  names: readonly string[],
  token: CancellationToken,
): Promise<CodeReference[]> {
  const open = workspace.textDocuments.filter((document) => folderFor(document.uri)?.uri === folder.uri);
  const inOpen = await Promise.all(open.map((document) => inDocument(deps, document, names)));
  const isOpen = new Set(open.map(({ uri }) => uri.path));
  const onDisk = (await hitsOnDisk(deps, folder, names, token)).filter(({ path }) => !isOpen.has(Uri.file(path).path));
  const located = await Promise.all(onDisk.map(locate));
  return [...inOpen.flat(), ...located].toSorted(byPlace);
}

async function inDocument(
  deps: ReferenceDeps,
  document: TextDocument,
  names: readonly string[],
): Promise<CodeReference[]> {
  const references = await referencesIn(deps, document);
  return references
    .filter(({ alias }) => names.includes(alias))
    .map(({ alias, member, range }) => ({
      alias,
      ...(member === undefined ? {} : { member }),
      location: new Location(document.uri, range),
    }));
}

async function hitsOnDisk(
  { scanner, jobFor }: ReferenceDeps,
  folder: WorkspaceFolder,
  names: readonly string[],
  token: CancellationToken,
): Promise<AliasHit[]> {
  if (folder.uri.scheme !== 'file') return [];
  const controller = new AbortController();
  const subscription = token.onCancellationRequested(() => controller.abort());
  try {
    return await scanner.findAliases(await jobFor(folder), names, controller.signal);
  } finally {
    subscription.dispose();
  }
}

async function locate({ path, cell, start, end, alias, member }: AliasHit): Promise<CodeReference> {
  const range = new Range(start.line, start.col, end.line, end.col);
  const file = Uri.file(path);
  // A cell's uri is known only once its notebook is open.
  const uri = cell === undefined ? file : (await workspace.openNotebookDocument(file)).cellAt(cell).document.uri;
  return { alias, ...(member === undefined ? {} : { member }), location: new Location(uri, range) };
}

function byPlace({ location: a }: CodeReference, { location: b }: CodeReference): number {
  if (a.uri.path !== b.uri.path) return a.uri.path < b.uri.path ? -1 : 1;
  return a.range.start.compareTo(b.range.start);
}
