import { commands, l10n, type TextDocument, window } from 'vscode';
import { mapLanguage } from '../../advice/mapLanguage.ts';
import { nameModel } from '../../scan/nameModel.ts';
import type { Analysis } from '../analysis/annotation.ts';
import type { Analyser } from '../analysis/createAnalyser.ts';
import type { DocumentAnalysis } from '../analysis/documentAnalysis.ts';
import { sourceOf } from '../analysis/sourceOf.ts';
import type { ConfigStore } from '../config/configStore.ts';
import { commandIds } from '../contributions.ts';
import type { Host } from '../host.ts';
import { tellError } from '../tellError.ts';
import { aliasErrors } from './aliasErrors.ts';
import { aliasTarget } from './aliasTarget.ts';
import { applyAlias } from './applyAlias.ts';
import { modelAt, type ReplaceableModel, replaceableModels } from './mentions.ts';
import { pickAlias } from './pickAlias.ts';
import { type DocumentPlace, readPlace } from './readPlace.ts';

export interface AliasParts {
  readonly host: Host;
  readonly analysis: DocumentAnalysis;
  readonly analyser: Pick<Analyser, 'catalogFor'>;
  readonly config: ConfigStore;
}

type Scope = 'one' | 'file';

/** Asks for an alias and puts it in the place of the model at a place, or of all models of that name in the file. */
export async function useAlias(parts: AliasParts, scope: Scope, argument: unknown): Promise<void> {
  try {
    const problem = await runAlias(parts, scope, argument);
    if (problem !== undefined) await window.showErrorMessage(problem);
  } catch (error) {
    await tellError(error, parts.host.log);
  }
}

/** Resolves with what went wrong, for the user. */
async function runAlias(parts: AliasParts, scope: Scope, argument: unknown): Promise<string | undefined> {
  const at = await readPlace(argument);
  const analysis = at && (await parts.analysis.current(at.document));
  if (!at || !analysis) return aliasErrors.noMention(l10n.t);
  const models = await chooseModels(at, analysis, scope);
  if (models === undefined) return undefined;
  if (models.length === 0) return scope === 'one' ? aliasErrors.noMention(l10n.t) : aliasErrors.noMentionInFile(l10n.t);
  return replace(parts, at.document, analysis.version, models);
}

async function replace(
  parts: AliasParts,
  document: TextDocument,
  version: number,
  models: readonly ReplaceableModel[],
): Promise<string | undefined> {
  const config = await parts.config.configFor(document.uri);
  const { aliases } = config;
  const catalog = await parts.analyser.catalogFor(config);
  const text = models[0]?.mention.text ?? '';
  const model = nameModel(text, catalog, aliases);
  const source = sourceOf(document);
  const hasMap = source !== undefined && mapLanguage(source) !== undefined;
  const portable = hasMap && models.every(({ mention }) => mention.replaceable);
  const title = models.length === 1 ? model.name : l10n.t('{0} ({1} places)', model.name, models.length);
  const plainString = models.every(({ isString }) => isString);
  const pick = await pickAlias({ title, model, aliases, catalog, portable, plainString });
  if (pick === undefined) return undefined;
  if (pick.kind !== 'alias') {
    await commands.executeCommand(commandIds[pick.kind]);
    return undefined;
  }
  const first = pick.isNew ? undefined : aliases[pick.name]?.targets[0];
  const target = first ? ({ kind: 'target', ...first } as const) : aliasTarget(text, model.lookup, config.providers);
  if (target.kind === 'missingProvider') return aliasErrors.missingProvider(target.provider, l10n.t);
  const mentions = models.map(({ mention }) => mention);
  return applyAlias({
    document,
    version,
    mentions,
    alias: pick.name,
    mode: pick.mode,
    target: `${target.provider}/${target.model}`,
  });
}

/** One model, or all of its name in the file. Undefined when the user was asked which and chose none. */
async function chooseModels(
  { document, place }: DocumentPlace,
  analysis: Analysis,
  scope: Scope,
): Promise<readonly ReplaceableModel[] | undefined> {
  const models = replaceableModels(analysis.findings);
  const { range } = document.lineAt(document.positionAt(place.offset).line);
  const line = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  const here = modelAt(models, place, line);
  if (scope === 'one') return here ? [here] : [];
  const named = (text: string): ReplaceableModel[] => models.filter(({ mention }) => mention.text === text);
  if (here) return named(here.mention.text);
  const texts = [...new Set(models.map(({ mention }) => mention.text))];
  if (texts.length < 2) return models;
  const items = texts.map((label) => ({ label, description: l10n.t('{0} places', named(label).length) }));
  const chosen = await window.showQuickPick(items, { title: l10n.t('For which model?') });
  return chosen && named(chosen.label);
}
