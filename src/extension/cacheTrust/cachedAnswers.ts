import { commands, l10n, type QuickInputButton, type QuickPick, type QuickPickItem, ThemeIcon, window } from 'vscode';
import type { KeptAnswer } from '../../service/api.ts';
import { commandIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import { createReportDocument } from '../reportDocument.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { tellError } from '../tellError.ts';
import { clearItems, keptItems, keptText } from './keptItems.ts';

/** Newest answers in the list. */
const shownAnswers = 200;

interface Item extends QuickPickItem {
  readonly kept: KeptAnswer;
}

/** `Tollgate: Show Cached Answers…` and `Clear Cached Answers…`: what is on disk, to be looked at and removed. */
export function startCachedAnswers(host: Host, service: ServiceAccess): Disposable {
  const store = new DisposableStore((error) => host.log.warn('cached answers', describeError(error)));
  const document = createReportDocument(store, 'tollgate-cached', '/cached answer.md');
  const command = (id: string, run: () => Promise<void>): void => {
    store.add(commands.registerCommand(id, () => run().catch((error: unknown) => tellError(error, host.log))));
  };
  command(commandIds.showCachedAnswers, showAnswers);
  command(commandIds.clearCache, () => clear(service));
  return store;

  async function showAnswers(): Promise<void> {
    const answers = await read();
    const input = window.createQuickPick<Item>();
    input.title = l10n.t('Cached Answers, Newest First');
    input.placeholder = l10n.t('Search questions, models and answers; choose one to read it');
    input.matchOnDescription = true;
    input.matchOnDetail = true;
    input.items = itemsOf(answers);
    input.onDidAccept(() => {
      const [item] = input.selectedItems;
      if (item === undefined) return;
      input.hide();
      document.replace(keptText(item.kept, l10n.t));
      window.showTextDocument(document.uri, { preview: true }).then(undefined, fail);
    });
    input.onDidTriggerItemButton(({ item, button }) => {
      remove(input, item, button === buttons.wrong).catch(fail);
    });
    input.onDidHide(() => input.dispose());
    input.show();
  }

  async function remove(input: QuickPick<Item>, { kept }: Item, isWrong: boolean): Promise<void> {
    input.busy = true;
    const { client, workspace } = service.connected();
    await client.forgetAnswer({ workspaceId: workspace.workspaceId, entryId: kept.id, isWrong });
    input.items = itemsOf(await read());
    input.busy = false;
  }

  async function read(): Promise<readonly KeptAnswer[]> {
    const { client, workspace } = service.connected();
    return (await client.cachedAnswers({ workspaceId: workspace.workspaceId }, shownAnswers)).answers;
  }

  function fail(error: unknown): void {
    tellError(error, host.log);
  }
}

const buttons = {
  wrong: { iconPath: new ThemeIcon('thumbsdown'), tooltip: l10n.t('Wrong Answer: Remove and Count It') },
  remove: { iconPath: new ThemeIcon('trash'), tooltip: l10n.t('Remove') },
} satisfies Record<string, QuickInputButton>;

function itemsOf(answers: readonly KeptAnswer[]): Item[] {
  return keptItems(answers, Date.now(), l10n.t).flatMap((item, index) => {
    const kept = answers[index];
    return kept === undefined ? [] : [{ ...item, kept, buttons: [buttons.wrong, buttons.remove] }];
  });
}

async function clear(service: ServiceAccess): Promise<void> {
  const { client, workspace } = service.connected();
  const { workspaceId } = workspace;
  const items = clearItems(await client.cachedAnswers({ workspaceId }, 1), Date.now(), l10n.t);
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Which cached answers of this workspace are to go?'),
    placeHolder: l10n.t('What was saved so far stays in the figures. The next calls go to the provider again.'),
  });
  if (picked === undefined) return;
  const { model, session } = picked;
  const { removed } = await client.clearCache({
    workspaceId,
    ...(model === undefined ? {} : { model }),
    ...(session === undefined ? {} : { session }),
  });
  window.showInformationMessage(l10n.t('Cached answers removed: {0}.', removed));
}
