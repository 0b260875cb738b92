import { l10n, type QuickInputButton, type QuickPickItem, QuickPickItemKind, ThemeIcon, window } from 'vscode';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Config } from '../../config/config.ts';
import type { NamedModel } from '../../scan/nameModel.ts';
import { rateText } from '../lens/lensText.ts';
import { aliasChoices } from './aliasChoices.ts';
import { aliasNameProblem } from './aliasNameProblem.ts';
import { suggestAliasName } from './suggestAliasName.ts';

export type AliasMode = 'portable' | 'bare';

export type AliasPick =
  | { readonly kind: 'alias'; readonly name: string; readonly isNew: boolean; readonly mode: AliasMode }
  | { readonly kind: 'hideLenses' }
  | { readonly kind: 'openConfig' };

export interface AliasQuestion {
  readonly title: string;
  readonly model: NamedModel;
  readonly aliases: Config['aliases'];
  readonly catalog: Catalog;
  /** False in prompt files and other places that take a literal only: every choice is then a plain string. */
  readonly portable: boolean;
  /** False for members of the generated map, where no string is. */
  readonly plainString: boolean;
}

interface Item extends QuickPickItem {
  readonly pick?: 'existing' | 'new' | 'hideLenses' | 'openConfig';
}

/** Asks which alias is to stand for a model. Undefined when the user chose nothing. */
export async function pickAlias(question: AliasQuestion): Promise<AliasPick | undefined> {
  const chosen = await ask(question);
  if (!chosen) return undefined;
  const { item, mode } = chosen;
  if (item.pick === 'existing') return { kind: 'alias', name: item.label, isNew: false, mode };
  if (item.pick !== 'new') return item.pick && { kind: item.pick };
  const name = await askName(question);
  return name === undefined ? undefined : { kind: 'alias', name, isNew: true, mode };
}

function plainStringButton(): QuickInputButton {
  const tooltip = l10n.t('As a plain string (works only through a Tollgate service)');
  return { iconPath: new ThemeIcon('quote'), tooltip };
}

function itemsOf({ model, aliases, catalog, portable, plainString }: AliasQuestion): Item[] {
  const buttons = portable && plainString ? [plainStringButton()] : [];
  const existing = aliasChoices(model, aliases, catalog, l10n.t).map(({ name, description, detail }): Item => {
    return { label: name, description, ...(detail === undefined ? {} : { detail }), buttons, pick: 'existing' };
  });
  return [
    ...(existing.length > 0 ? [separator(l10n.t('aliases'))] : []),
    ...existing,
    separator(l10n.t('new')),
    {
      label: l10n.t('$(add) New alias for {0}…', model.name),
      description: rateText(model.lookup, l10n.t),
      buttons,
      pick: 'new',
    },
    separator(''),
    { label: l10n.t('$(eye-closed) Hide cost lenses'), pick: 'hideLenses' },
    { label: l10n.t('$(go-to-file) Open tollgate.jsonc'), pick: 'openConfig' },
  ];
}

const separator = (label: string): Item => ({ label, kind: QuickPickItemKind.Separator });

function ask(question: AliasQuestion): Promise<{ item: Item; mode: AliasMode } | undefined> {
  const input = window.createQuickPick<Item>();
  input.title = question.title;
  input.placeholder = question.portable
    ? l10n.t('The code gets a name from a generated module, and runs with and without Tollgate')
    : l10n.t('Only a plain string can stand here; it works only through a Tollgate service');
  input.matchOnDescription = true;
  input.items = itemsOf(question);
  return new Promise((done) => {
    const finish = (item: Item | undefined, mode: AliasMode): void => {
      done(item && { item, mode: question.portable ? mode : 'bare' });
      input.hide();
    };
    input.onDidAccept(() => finish(input.selectedItems[0], 'portable'));
    input.onDidTriggerItemButton(({ item }) => finish(item, 'bare'));
    input.onDidHide(() => {
      done(undefined);
      input.dispose();
    });
    input.show();
  });
}

async function askName({ title, model, aliases }: AliasQuestion): Promise<string | undefined> {
  const taken = new Set(Object.keys(aliases));
  const name = await window.showInputBox({
    title,
    prompt: l10n.t('A name for what this model is good for; the model behind it can change.'),
    value: suggestAliasName(model, taken),
    validateInput: (value) => aliasNameProblem(value.trim(), taken, l10n.t),
  });
  return name?.trim();
}
