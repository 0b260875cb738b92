import { commands, l10n, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import { commandIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { isKeyName, type StoredKeys } from './storedKeys.ts';

interface NameItem extends QuickPickItem {
  /** Undefined: ask for a name. */
  readonly keyName?: string;
}

const vendors = ['openai', 'anthropic'] as const;

/** Commands that set and remove provider keys, and their way to the service. */
export function startKeys(host: Host, keys: StoredKeys, service: ServiceAccess): Disposable {
  const store = new DisposableStore((error) => host.log.warn('keys', describeError(error)));
  store.add(
    commands.registerCommand(commandIds.setProviderKey, (name?: unknown) =>
      setKey(keys, typeof name === 'string' && isKeyName(name) ? name : undefined),
    ),
  );
  store.add(commands.registerCommand(commandIds.removeProviderKey, () => removeKey(keys)));
  store.add(
    keys.onDidChange(() => {
      if (service.view.state.kind !== 'connected') return;
      const { client, workspace } = service.connected();
      keys
        .all()
        .then((all) => client.putKeys({ workspaceId: workspace.workspaceId, keys: all }))
        .catch((error: unknown) => host.log.warn('the service did not take the keys', describeError(error)));
    }),
  );
  return store;
}

/** @param wanted the key's name, where a quick fix knows it; else the user is asked */
async function setKey(keys: StoredKeys, wanted: string | undefined): Promise<void> {
  const name = wanted ?? (await pickName(keys));
  if (name === undefined) return;
  const key = await window.showInputBox({
    title: l10n.t('Provider key “{0}”', name),
    prompt: l10n.t('Kept in the editor’s secret storage; handed to the Tollgate service in memory only.'),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^\S{8,}$/.test(text.trim()) ? undefined : l10n.t('A key has no blanks and at least 8 characters.'),
  });
  if (key === undefined) return;
  await keys.set(name, key.trim());
  window.showInformationMessage(
    l10n.t('Key stored. A provider uses it with "apiKey": "secret:{0}" in tollgate.jsonc.', name),
  );
}

async function pickName(keys: StoredKeys): Promise<string | undefined> {
  const stored = keys.names();
  const items: NameItem[] = [
    ...[...new Set([...vendors, ...stored])].map((name) => ({
      label: name,
      keyName: name,
      ...(stored.includes(name) ? { description: l10n.t('stored; will be replaced') } : {}),
    })),
    { label: '', kind: QuickPickItemKind.Separator },
    { label: l10n.t('Another name…') },
  ];
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Set Provider Key'),
    placeHolder: l10n.t('Whose key is it?'),
  });
  if (picked === undefined || picked.keyName !== undefined) return picked?.keyName;
  return window.showInputBox({
    title: l10n.t('Name of the key'),
    prompt: l10n.t('What stands after "secret:" in tollgate.jsonc.'),
    validateInput: (text) => (isKeyName(text) ? undefined : l10n.t('Letters, digits, - and _; begins with a letter.')),
  });
}

async function removeKey(keys: StoredKeys): Promise<void> {
  const names = keys.names();
  if (names.length === 0) {
    window.showInformationMessage(l10n.t('No provider key is stored.'));
    return;
  }
  const name = await window.showQuickPick([...names], { title: l10n.t('Remove Provider Key') });
  if (name !== undefined) await keys.remove(name);
}
