import { randomBytes } from 'node:crypto';
import { commands, env, l10n, Uri, ViewColumn, window, workspace } from 'vscode';
import * as z from 'zod';
import type { BatchPlan, TriedRequest } from '../../batch/job.ts';
import type { ControlClient } from '../../service/controlClient.ts';
import type { Host } from '../host.ts';
import { tellError } from '../tellError.ts';
import { reviewHtml } from './reviewHtml.ts';
import { reviewView } from './reviewView.ts';

export interface Review {
  readonly host: Host;
  readonly client: Pick<ControlClient, 'tryBatch'>;
  readonly plan: BatchPlan;
  /** Plans again, with or without what would be paid twice. */
  readonly planAgain: (keepDuplicates: boolean) => Promise<BatchPlan>;
  /** What would be paid twice can be sent all the same. */
  readonly canKeepDuplicates: boolean;
  /** Where the prompts are called from request handlers; found while the page is open. */
  readonly interactive: Promise<readonly string[]>;
}

const message = z.union([
  z.object({ action: z.enum(['submit', 'try', 'replan', 'cancel']) }),
  z.object({ action: z.literal('keep'), checked: z.boolean() }),
  z.object({ action: z.literal('open'), path: z.string() }),
]);

/** Shows what would be sent and at what price. Resolves to the plan that is to be submitted; undefined = none. */
export function reviewPlan({
  host,
  client,
  plan: first,
  planAgain,
  canKeepDuplicates,
  interactive,
}: Review): Promise<BatchPlan | undefined> {
  const panel = window.createWebviewPanel('tollgate.batchReview', l10n.t('Review Batch Job'), ViewColumn.Active, {
    enableScripts: true,
    localResourceRoots: [],
  });
  const icon = (theme: string): Uri => Uri.joinPath(host.context.extensionUri, 'media', `tollgate-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  let plan = first;
  let tried: TriedRequest | undefined;
  let uses: readonly string[] = [];
  let keepsDuplicates = false;
  let busy: string | undefined;
  let isOpen = true;
  const show = (): void => {
    if (!isOpen) return;
    const shownPath = (path: string): string => workspace.asRelativePath(path, false);
    const view = reviewView({ plan, tried, interactive: uses, keepsDuplicates, shownPath }, l10n.t);
    const nonce = randomBytes(18).toString('base64');
    const page = { nonce, language: env.language, keepsDuplicates, busy };
    const html = reviewHtml({ ...view, hasSpared: view.hasSpared && canKeepDuplicates }, page, l10n.t);
    panel.webview.html = html;
  };
  const during = async (what: string, work: () => Promise<void>): Promise<void> => {
    if (busy !== undefined) return;
    busy = what;
    show();
    try {
      await work();
    } finally {
      busy = undefined;
      show();
    }
  };
  interactive
    .then((found) => {
      uses = found;
      if (found.length > 0) show();
    })
    .catch((error: unknown) => tellError(error, host.log));
  show();
  return new Promise((resolve) => {
    const receive = async (received: unknown): Promise<void> => {
      const parsed = message.safeParse(received);
      if (!parsed.success) return host.log.warn('the review page sent a message of no known kind');
      const asked = parsed.data;
      if (asked.action === 'open') await commands.executeCommand('vscode.open', Uri.file(asked.path));
      else if (asked.action === 'keep' || asked.action === 'replan') {
        const keeps = asked.action === 'keep' ? asked.checked : keepsDuplicates;
        await during(l10n.t('Planning the batch…'), async () => {
          plan = await planAgain(keeps);
          // Only now: where planning fails, the box says again what the plan on the page does.
          keepsDuplicates = keeps;
        });
      } else if (asked.action === 'try')
        await during(l10n.t('Waiting for the answer…'), async () => {
          tried = await client.tryBatch(plan.id);
        });
      else {
        if (asked.action === 'submit') resolve(plan);
        panel.dispose();
      }
    };
    panel.webview.onDidReceiveMessage((received: unknown) => {
      receive(received).catch((error: unknown) => tellError(error, host.log));
    });
    panel.onDidDispose(() => {
      isOpen = false;
      resolve(undefined);
    });
  });
}
