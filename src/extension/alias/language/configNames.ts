import {
  CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  Hover,
  l10n,
  MarkdownString,
  type TextDocument,
} from 'vscode';
import type { Catalog, CatalogModel } from '../../../catalog/catalog.ts';
import { aliasPlaces } from '../../../config/aliasPlaces.ts';
import type { Config } from '../../../config/config.ts';
import { nameAtOffset } from '../../../config/nameAtOffset.ts';
import { type NamedModel, nameModel } from '../../../scan/nameModel.ts';
import { rangeOf } from '../../analysis/rangeOf.ts';
import { modelHover } from '../../lens/hoverText.ts';
import { rateText } from '../../lens/lensText.ts';
import type { CompletionDeps } from './completeAlias.ts';

/** In `tollgate.jsonc`: models for targets, aliases for tiers and routes. */
export async function completeName(
  { config, analyser }: CompletionDeps,
  document: TextDocument,
  offset: number,
): Promise<CompletionItem[]> {
  const at = nameAtOffset(document.getText(), offset);
  if (!at) return [];
  const configuration = await config.configFor(document.uri);
  const catalog = await analyser.catalogFor(configuration);
  const items =
    at.kind === 'target'
      ? targetItems(catalog, configuration)
      : declaredNames(document).map((name) => aliasItem(name, catalog, configuration));
  const range = rangeOf(document, at.span);
  return items.map(({ item, text }, place) => {
    item.insertText = JSON.stringify(text);
    item.filterText = item.insertText;
    item.range = range;
    item.sortText = `!${String(place).padStart(5, '0')}`;
    return item;
  });
}

interface Named {
  readonly text: string;
  readonly item: CompletionItem;
}

function declaredNames(document: TextDocument): string[] {
  const declared = aliasPlaces(document.getText()).filter(({ kind }) => kind === 'declaration');
  return declared.map(({ alias }) => alias);
}

function aliasItem(name: string, catalog: Catalog, { aliases }: Config): Named {
  const model = nameModel(name, catalog, aliases);
  const known = model.alias !== undefined;
  const item = new CompletionItem(
    { label: name, ...(known ? { description: model.name } : {}) },
    CompletionItemKind.Constant,
  );
  if (known) item.detail = `${model.name} · ${rateText(model.lookup, l10n.t)}`;
  return { text: name, item };
}

const isLeaving = ({ deprecated, deprecatedOn }: CatalogModel): boolean =>
  deprecated !== undefined || deprecatedOn !== undefined;

/** The models of the configured providers; those that are going out of service last. */
function targetItems(catalog: Catalog, { providers }: Config): Named[] {
  const models = [...catalog.models()].filter(({ provider }) => Object.hasOwn(providers, provider));
  const ordered = [...models.filter((model) => !isLeaving(model)), ...models.filter(isLeaving)];
  return ordered.map((model) => {
    const text = `${model.provider}/${model.id}`;
    const rates = rateText({ kind: 'known', model, match: 'exact' }, l10n.t);
    const item = new CompletionItem({ label: text, description: rates }, CompletionItemKind.Value);
    item.detail = rates;
    if (isLeaving(model)) item.tags = [CompletionItemTag.Deprecated];
    return { text, item };
  });
}

/** The prices of a target, or of what an alias stands for. */
export async function hoverName(
  { config, analyser }: CompletionDeps,
  document: TextDocument,
  offset: number,
): Promise<Hover | undefined> {
  const text = document.getText();
  const place = aliasPlaces(text).find(({ span }) => span.start <= offset && offset <= span.end);
  const target = place ? undefined : nameAtOffset(text, offset);
  const span = place?.span ?? target?.span;
  const name = place?.alias ?? target?.written;
  if (!span || !name) return undefined;
  const configuration = await config.configFor(document.uri);
  const catalog = await analyser.catalogFor(configuration);
  const model = place ? nameModel(name, catalog, configuration.aliases) : targetModel(name, catalog);
  if (place && model.alias === undefined) return undefined;
  return new Hover(new MarkdownString(modelHover(model, Date.now(), l10n.t)), rangeOf(document, span));
}

function targetModel(target: string, catalog: Catalog): NamedModel {
  const slash = target.indexOf('/');
  return { name: target, lookup: catalog.lookup(target.slice(slash + 1), target.slice(0, Math.max(0, slash))) };
}
