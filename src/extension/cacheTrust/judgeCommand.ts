import { randomBytes } from 'node:crypto';
import { commands, env, l10n, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import * as z from 'zod';
import { commandIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { tellError } from '../tellError.ts';
import { judgeHtml } from './judgeHtml.ts';
import { judgeView } from './judgeView.ts';

/** Pairs on one page. */
const shownPairs = 50;

const message = z.object({ action: z.enum(['right', 'wrong', 'reload', 'switchOn']), pair: z.string() });

/** `Tollgate: Judge Cached Answers`: what the semantic cache served or would have served, side by side. */
export function startJudgeCommand(host: Host, service: ServiceAccess): Disposable {
  const store = new DisposableStore((error) => host.log.warn('judging', describeError(error)));
  let open: WebviewPanel | undefined;
  store.add(
    commands.registerCommand(commandIds.judgeCache, async () => {
      try {
        open?.reveal();
        open ??= openPage();
        await show(open);
      } catch (error) {
        tellError(error, host.log);
      }
    }),
  );
  return store;

  function openPage(): WebviewPanel {
    // Fails before a page is open where there is no service.
    service.connected();
    const panel = store.add(
      window.createWebviewPanel('tollgate.judgeCache', l10n.t('Judge Cached Answers'), ViewColumn.Active, {
        enableScripts: true,
        enableFindWidget: true,
        localResourceRoots: [],
      }),
    );
    const icon = (theme: string): Uri => Uri.joinPath(host.context.extensionUri, 'media', `tollgate-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.webview.onDidReceiveMessage((received: unknown) => {
      answer(panel, received).catch((error: unknown) => tellError(error, host.log));
    });
    panel.onDidDispose(() => {
      if (open === panel) open = undefined;
    });
    return panel;
  }

  async function answer(panel: WebviewPanel, received: unknown): Promise<void> {
    const parsed = message.safeParse(received);
    if (!parsed.success) return host.log.warn('the judging page sent a message of no known kind');
    const { action, pair } = parsed.data;
    if (action === 'switchOn') await commands.executeCommand(commandIds.enableSemanticCache);
    else if (action !== 'reload') {
      const { client, workspace } = service.connected();
      await client.judgeCache({ workspaceId: workspace.workspaceId, pairId: pair, verdict: action });
    }
    await show(panel);
  }

  async function show(panel: WebviewPanel): Promise<void> {
    const { client, workspace } = service.connected();
    const report = await client.cacheTrust(workspace.workspaceId, shownPairs);
    if (open !== panel) return;
    const nonce = randomBytes(18).toString('base64');
    panel.webview.html = judgeHtml(judgeView(report, Date.now(), l10n.t), { nonce, language: env.language }, l10n.t);
  }
}
