import type { CancellationToken, Location, LocationLink, TextDocument } from 'vscode';
import { type AliasPlaceDeps, aliasAt, placesInConfig } from './aliasPlace.ts';
import { findReferences, type ReferenceDeps } from './findReferences.ts';

/** The keys that declare the alias at an offset. */
export async function definitions(
  deps: AliasPlaceDeps,
  document: TextDocument,
  offset: number,
): Promise<LocationLink[]> {
  const at = await aliasAt(deps, document, offset);
  if (!at) return [];
  const declared = (await placesInConfig(at.folder)).filter(
    ({ alias, kind }) => alias === at.alias && kind === 'declaration',
  );
  return declared.map(({ location: { uri, range } }) => {
    return { originSelectionRange: at.range, targetUri: uri, targetRange: range };
  });
}

/** Every place that names the alias at an offset, in the configuration and in code. */
export async function references(
  deps: ReferenceDeps,
  document: TextDocument,
  offset: number,
  includeDeclaration: boolean,
  token: CancellationToken,
): Promise<Location[]> {
  const at = await aliasAt(deps, document, offset);
  if (!at) return [];
  const inConfig = (await placesInConfig(at.folder)).filter(
    ({ alias, kind }) => alias === at.alias && (includeDeclaration || kind === 'use'),
  );
  const inCode = await findReferences(deps, at.folder, [at.alias], token);
  return [...inConfig, ...inCode].map(({ location }) => location);
}
