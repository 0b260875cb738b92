import {
  type EnvironmentVariableCollection,
  type GlobalEnvironmentVariableCollection,
  l10n,
  MarkdownString,
  type WorkspaceFolder,
} from 'vscode';
import { commandIds } from '../contributions.ts';
import type { EnvironmentPlan } from './planEnvironment.ts';

/** Gives a folder's new terminals and tasks the variables of a plan, and takes away those it no longer holds. */
export function applyPlan(
  global: GlobalEnvironmentVariableCollection,
  folder: WorkspaceFolder,
  plan: EnvironmentPlan,
): void {
  // Ours live as long as the window: without us nobody would keep them true.
  global.persistent = false;
  const collection = global.getScoped({ workspaceFolder: folder });
  collection.persistent = false;
  collection.description = description(plan);
  // Untouched entries are not set again: any change marks open terminals as out of date.
  for (const [name] of collection) if (!plan.replace.has(name) && !plan.append.has(name)) collection.delete(name);
  for (const [name, value] of plan.replace) if (collection.get(name)?.value !== value) collection.replace(name, value);
  for (const [name, value] of plan.append) if (collection.get(name)?.value !== value) collection.append(name, value);
}

export function clearPlan(global: GlobalEnvironmentVariableCollection, folders: readonly WorkspaceFolder[]): void {
  for (const folder of folders) clear(global.getScoped({ workspaceFolder: folder }));
}

function clear(collection: EnvironmentVariableCollection): void {
  if ([...collection].length > 0) collection.clear();
}

function description(plan: EnvironmentPlan): MarkdownString {
  const providers = [...plan.replace.keys()]
    .filter((name) => name.endsWith('_BASE_URL'))
    .map((name) => (name.startsWith('OPENAI') ? 'OpenAI' : 'Anthropic'));
  const text = new MarkdownString(
    l10n.t('Sends calls to {0} through Tollgate on this machine.', providers.join(', ')) +
      ` [${l10n.t('Stop')}](command:${commandIds.stopMetering})`,
  );
  text.isTrusted = { enabledCommands: [commandIds.stopMetering] };
  return text;
}
