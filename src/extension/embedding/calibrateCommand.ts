import { commands, l10n, ProgressLocation, Uri, window, workspace } from 'vscode';
import { calibrationText } from '../../cache/calibration/calibrationText.ts';
import { commandIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { tellError } from '../tellError.ts';

const scheme = 'tollgate-calibration';
const reportUri = Uri.from({ scheme, path: '/semantic cache.md' });
const rates = [0.005, 0.01, 0.02, 0.05];

/** `Tollgate: Calibrate Semantic Cache`: the threshold of the workspace's embedder for a chosen share of wrong hits. */
export function startCalibrateCommand(host: Host, service: ServiceAccess): Disposable {
  const store = new DisposableStore((error) => host.log.warn('calibration', describeError(error)));
  let shown = '';
  store.add(workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent: () => shown }));
  store.add(
    commands.registerCommand(commandIds.calibrateSemanticCache, async () => {
      try {
        const text = await calibrate(service);
        if (text === undefined) return;
        shown = text;
        await commands.executeCommand('markdown.showPreview', reportUri);
      } catch (error) {
        tellError(error, host.log);
      }
    }),
  );
  return store;
}

async function calibrate(service: ServiceAccess): Promise<string | undefined> {
  const { client, workspace: registered } = service.connected();
  const items = rates.map((rate) => ({ label: `${100 * rate} %`, rate }));
  const title = l10n.t('How many of the answers that are found by meaning may be wrong?');
  const picked = await window.showQuickPick(items, { title });
  if (picked === undefined) return undefined;
  const report = await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Scoring the embedder') },
    () => client.calibrateCache({ workspaceId: registered.workspaceId, falseHitRate: picked.rate }),
  );
  return calibrationText(report);
}
