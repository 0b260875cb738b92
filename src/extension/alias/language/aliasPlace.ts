import { Location, Range, type TextDocument, type WorkspaceFolder } from 'vscode';
import { type AliasReference, aliasReferences } from '../../../advice/aliasReferences.ts';
import { type AliasPlace, aliasPlaces } from '../../../config/aliasPlaces.ts';
import type { DocumentAnalysis } from '../../analysis/documentAnalysis.ts';
import { rangeOf } from '../../analysis/rangeOf.ts';
import { sourceOf } from '../../analysis/sourceOf.ts';
import { type ConfigStore, configFolder, configUris, folderFor } from '../../config/configStore.ts';
import { readLiveText } from '../../config/folderFiles.ts';
import { positionReader } from '../../config/positionReader.ts';

/** An alias under the cursor. */
export interface AliasAtCursor {
  readonly alias: string;
  /** Of the name alone. */
  readonly range: Range;
  readonly folder: WorkspaceFolder;
}

/** A place of a configuration file. */
export interface PlaceInConfig extends AliasPlace {
  readonly location: Location;
}

export interface AliasPlaceDeps {
  readonly analysis: DocumentAnalysis;
  readonly config: ConfigStore;
}

/** Where a document names aliases, of its present text. */
export async function referencesIn(
  { analysis, config }: AliasPlaceDeps,
  document: TextDocument,
): Promise<(AliasReference & { readonly range: Range })[]> {
  const source = sourceOf(document);
  const findings = source && (await analysis.current(document))?.findings;
  if (!source || !findings) return [];
  const { aliases } = await config.configFor(document.uri);
  return aliasReferences(source, findings, Object.keys(aliases)).map((reference) => {
    return { ...reference, range: rangeOf(document, reference.span) };
  });
}

/** The alias that an offset is on, in code or in a configuration file. */
export async function aliasAt(
  deps: AliasPlaceDeps,
  document: TextDocument,
  offset: number,
): Promise<AliasAtCursor | undefined> {
  const folder = configFolder(document.uri) ?? folderFor(document.uri);
  if (!folder) return undefined;
  const touches = ({ span }: Pick<AliasReference, 'alias' | 'span'>): boolean =>
    span.start <= offset && offset <= span.end;
  if (configFolder(document.uri)) {
    const place = aliasPlaces(document.getText()).find(touches);
    return place && { alias: place.alias, range: rangeOf(document, place.span), folder };
  }
  const reference = (await referencesIn(deps, document)).find(touches);
  return reference && { alias: reference.alias, range: reference.range, folder };
}

/** Every place of a folder's configuration files that names an alias, as they are in the editor now. */
export async function placesInConfig(folder: WorkspaceFolder): Promise<PlaceInConfig[]> {
  const files = await Promise.all(
    configUris(folder).map(async (uri) => ({ uri, text: (await readLiveText(uri)) ?? '' })),
  );
  return files.flatMap(({ uri, text }) => {
    const positionOf = positionReader(text);
    return aliasPlaces(text).map((place) => {
      const start = positionOf(place.span.start);
      const end = positionOf(place.span.end);
      const range = new Range(start.line, start.character, end.line, end.character);
      return { ...place, location: new Location(uri, range) };
    });
  });
}

/** Whether the user's own settings declare the alias: no file is its place then. */
export function isUsersOwn(config: Readonly<Record<string, unknown>>, alias: string): boolean {
  const declared: unknown = config.aliases;
  return typeof declared === 'object' && declared !== null && Object.hasOwn(declared, alias);
}
