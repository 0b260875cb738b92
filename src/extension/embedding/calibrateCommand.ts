import { commands, l10n, ProgressLocation, window } from 'vscode';
import { calibrationText } from '../../cache/calibration/calibrationText.ts';
import { commandIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import { createReportDocument } from '../reportDocument.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { tellError } from '../tellError.ts';

const rates = [0.005, 0.01, 0.02, 0.05];

/** `Tollgate: Calibrate Semantic Cache`: the threshold of the workspace's embedder for a chosen share of wrong hits. */
export function startCalibrateCommand(host: Host, service: ServiceAccess): Disposable {
  const store = new DisposableStore((error) => host.log.warn('calibration', describeError(error)));
  const report = createReportDocument(store, 'tollgate-calibration', '/semantic cache.md');
  store.add(
    commands.registerCommand(commandIds.calibrateSemanticCache, async () => {
      try {
        const text = await calibrate(service);
        if (text === undefined) return;
        report.replace(text);
        await commands.executeCommand('markdown.showPreview', report.uri);
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
