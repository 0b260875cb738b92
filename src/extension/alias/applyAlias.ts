import { l10n, type TextDocument, Uri, WorkspaceEdit, type WorkspaceFolder, workspace } from 'vscode';
import type { AliasEdit, MapModule } from '../../advice/aliasEdit.ts';
import { mapLanguage } from '../../advice/mapLanguage.ts';
import { planAliasEdit } from '../../advice/planAliasEdit.ts';
import { addAliasToConfig } from '../../config/addAliasToConfig.ts';
import { type Config, configFileName } from '../../config/config.ts';
import { modelMapNames } from '../../config/modelMapNames.ts';
import { renderModelMap } from '../../config/renderModelMap.ts';
import type { ModelMention, SourceText } from '../../detect/finding.ts';
import { rangeOf } from '../analysis/rangeOf.ts';
import { sourceOf } from '../analysis/sourceOf.ts';
import { folderFor } from '../config/configStore.ts';
import { readLiveText } from '../config/folderFiles.ts';
import { aliasErrors } from './aliasErrors.ts';
import { addFileChange, dirtyFiles, type FileChange, saveFiles } from './fileChange.ts';
import { mapPlace } from './mapPlace.ts';
import { declaredAliases, isGenerated, mapChanges } from './modelMaps.ts';

export interface AliasUse {
  readonly document: TextDocument;
  /** Of the document's present version. */
  readonly version: number;
  readonly mentions: readonly ModelMention[];
  readonly alias: string;
  /** `provider/model`: what the alias stands for where `tollgate.jsonc` does not have it yet. */
  readonly target: string;
  /** `portable` works with and without Tollgate; `bare` is the alias as a plain string. */
  readonly mode: 'portable' | 'bare';
}

/**
 * Puts an alias in the place of models: one undoable edit of the source, `tollgate.jsonc` and the generated map.
 * @returns what went wrong, for the user; undefined when it is done
 */
export async function applyAlias(use: AliasUse): Promise<string | undefined> {
  const folder = folderFor(use.document.uri);
  if (!folder) return aliasErrors.noFolder(l10n.t);
  const configUri = Uri.joinPath(folder.uri, configFileName);
  const before = await readLiveText(configUri);
  const after = declares(before, use.alias) ? before : addAliasToConfig(before, use.alias, use.target);
  const aliases = declaredAliases(after);
  if (!aliases) return aliasErrors.brokenConfig(l10n.t);
  const source = sourceOf(use.document);
  if (!source) return aliasErrors.noMention(l10n.t);
  const map = use.mode === 'portable' ? await mapFor(source, folder, use.alias, aliases) : undefined;
  if (map?.occupied) return aliasErrors.mapOccupied(map.module.path, l10n.t);
  const plan = planOf(use, source, map?.module);
  if (plan.kind === 'refused') return aliasErrors.refused(plan.reason, l10n.t);
  const maps = await mapChanges(folder, aliases);
  const isListed = maps.some(({ uri }) => uri.toString() === map?.change?.uri.toString());
  const changes = [{ uri: configUri, before, after }, ...maps, ...(map?.change && !isListed ? [map.change] : [])];
  if (use.document.version !== use.version) return aliasErrors.changed(l10n.t);
  return apply(use.document, plan, changes);
}

/** The alias is there with targets of its own choice; what another layer makes of it is not our business. */
function declares(configText: string | undefined, alias: string): configText is string {
  return configText !== undefined && Object.hasOwn(declaredAliases(configText) ?? {}, alias);
}

function planOf(use: AliasUse, source: SourceText, map: MapModule | undefined): AliasEdit {
  const { mentions, alias } = use;
  if (use.mode === 'bare') return planAliasEdit({ source, mentions, alias, mode: 'bare' });
  if (!map) return { kind: 'refused', reason: 'noModelMap' };
  return planAliasEdit({ source, mentions, alias, mode: 'portable', map });
}

/** The map that a source is to import, and what becomes of it; undefined where its language has none. */
async function mapFor(source: SourceText, folder: WorkspaceFolder, alias: string, aliases: Config['aliases']) {
  const language = mapLanguage(source);
  const member = language && modelMapNames(language, Object.keys(aliases)).get(alias);
  if (language === undefined || member === undefined) return undefined;
  const { fileName, text } = renderModelMap(language, aliases);
  const place = await mapPlace(source.path, folder.uri.path, language, fileName, (path) =>
    exists(folder.uri.with({ path })),
  );
  const uri = folder.uri.with({ path: place.path });
  const before = await readLiveText(uri);
  const occupied = before !== undefined && !isGenerated(before);
  const change = before === text || occupied ? undefined : { uri, before, after: text };
  return { module: { ...place, member } satisfies MapModule, change, occupied };
}

async function exists(uri: Uri): Promise<boolean> {
  return (await readLiveText(uri)) !== undefined;
}

async function apply(
  document: TextDocument,
  plan: Extract<AliasEdit, { kind: 'edit' }>,
  changes: readonly FileChange[],
): Promise<string | undefined> {
  const edit = new WorkspaceEdit();
  for (const { span, newText } of plan.files.flatMap(({ edits }) => edits))
    edit.replace(document.uri, rangeOf(document, span), newText);
  for (const change of changes) addFileChange(edit, change);
  const dirtyBefore = dirtyFiles(changes);
  if (!(await workspace.applyEdit(edit))) return aliasErrors.notApplied(l10n.t);
  // A program that is started now must find the map, and the service the alias.
  await saveFiles(changes, dirtyBefore);
  return undefined;
}
