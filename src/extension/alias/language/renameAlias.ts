import { type CancellationToken, l10n, type TextDocument, WorkspaceEdit, type WorkspaceFolder } from 'vscode';
import { renamedReference } from '../../../advice/aliasReferences.ts';
import { applyEdits } from '../../../advice/planAliasEdit.ts';
import { type ModelMapLanguage, modelMapNames } from '../../../config/modelMapNames.ts';
import { configUris } from '../../config/configStore.ts';
import { readLiveText } from '../../config/folderFiles.ts';
import { aliasErrors } from '../aliasErrors.ts';
import { aliasNameProblem } from '../aliasNameProblem.ts';
import { addFileChange } from '../fileChange.ts';
import { declaredAliases, mapChanges } from '../modelMaps.ts';
import { type AliasAtCursor, aliasAt, isUsersOwn, type PlaceInConfig, placesInConfig } from './aliasPlace.ts';
import { findReferences, type ReferenceDeps } from './findReferences.ts';

/** Refused with a text for the user. */
export class RenameRefused extends Error {
  override readonly name = 'RenameRefused';
}

/** What is to be renamed. @throws RenameRefused where no file declares the alias */
export async function prepareRename(
  deps: ReferenceDeps,
  document: TextDocument,
  offset: number,
): Promise<AliasAtCursor | undefined> {
  const at = await aliasAt(deps, document, offset);
  if (!at) return undefined;
  if (isUsersOwn(deps.host.settings.current().config, at.alias))
    throw new RenameRefused(aliasErrors.inUserSettings(at.alias, l10n.t));
  const declared = (await placesInConfig(at.folder)).some(isDeclarationOf(at.alias));
  if (!declared) throw new RenameRefused(aliasErrors.notDeclared(at.alias, l10n.t));
  return at;
}

const isDeclarationOf =
  (name: string) =>
  ({ kind, alias }: PlaceInConfig): boolean =>
    kind === 'declaration' && alias === name;

/** One edit of the configuration files, the generated maps and the code. @throws RenameRefused with what is wrong */
export async function renameAlias(
  deps: ReferenceDeps,
  document: TextDocument,
  offset: number,
  newName: string,
  token: CancellationToken,
): Promise<WorkspaceEdit | undefined> {
  const at = await prepareRename(deps, document, offset);
  if (!at || newName === at.alias) return undefined;
  const { alias, folder } = at;
  const { aliases } = await deps.config.configFor(folder.uri);
  const problem = aliasNameProblem(newName, new Set(Object.keys(aliases)), l10n.t);
  if (problem !== undefined) throw new RenameRefused(problem);
  const edit = new WorkspaceEdit();
  for (const place of await placesInConfig(folder))
    if (place.alias === alias) edit.replace(place.location.uri, place.location.range, newName);
  const after = await declaredAfter(folder, alias, newName);
  for (const change of await mapChanges(folder, after)) addFileChange(edit, change);
  const before = Object.keys(aliases);
  const inMap = Object.hasOwn(after, newName)
    ? Object.keys(after)
    : before.map((name) => (name === alias ? newName : name));
  const nameAfter = (name: string): string => (name === alias ? newName : name);
  const names = before.filter((name) => name === alias || memberChanges(name, before, inMap));
  for (const reference of await findReferences(deps, folder, names, token)) {
    const { location } = reference;
    const text = renamedReference(reference, nameAfter(reference.alias), inMap);
    edit.replace(location.uri, location.range, text);
  }
  return edit;
}

const mapLanguages: readonly ModelMapLanguage[] = ['python', 'typescript'];

/** Names that differ in their punctuation alone are numbered: another's new name can change this one's member. */
function memberChanges(name: string, before: readonly string[], after: readonly string[]): boolean {
  return mapLanguages.some((language) => {
    const member = modelMapNames(language, after).get(name);
    return member !== undefined && member !== modelMapNames(language, before).get(name);
  });
}

/** The aliases of `tollgate.jsonc` as it will be; the maps are made of these. */
async function declaredAfter(folder: WorkspaceFolder, alias: string, newName: string) {
  const [uri] = configUris(folder);
  const text = (uri && (await readLiveText(uri))) ?? '{}';
  const places = (await placesInConfig(folder)).filter(
    (place) => place.alias === alias && place.location.uri.toString() === uri?.toString(),
  );
  const aliases = declaredAliases(
    applyEdits(
      text,
      places.map(({ span }) => ({ span, newText: newName })),
    ),
  );
  if (!aliases) throw new RenameRefused(aliasErrors.brokenConfig(l10n.t));
  return aliases;
}
