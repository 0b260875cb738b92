import { commands, workspace } from 'vscode';
import { startAgentTools } from './agents/agentTools.ts';
import type { Analyser } from './analysis/createAnalyser.ts';
import { startJobs } from './batch/jobsView.ts';
import { startCachedAnswers } from './cacheTrust/cachedAnswers.ts';
import { startJudgeCommand } from './cacheTrust/judgeCommand.ts';
import type { ConfigStore } from './config/configStore.ts';
import { contextKeys } from './contributions.ts';
import { type Disposable, DisposableStore } from './disposables.ts';
import { startCalibrateCommand } from './embedding/calibrateCommand.ts';
import { startEncoderCommands } from './embedding/encoderCommands.ts';
import { startDebugSessions } from './environment/debugSessions.ts';
import { readGitHead } from './environment/gitHead.ts';
import { Metering } from './environment/metering.ts';
import { createMeteringChoices } from './environment/meteringChoices.ts';
import { startMeteringCommands } from './environment/meteringCommands.ts';
import type { Host } from './host.ts';
import { startKeys } from './keys/keyCommands.ts';
import { createStoredKeys } from './keys/storedKeys.ts';
import { startLimits } from './limits/limitNotices.ts';
import { describeError } from './log.ts';
import { startEnableCache } from './panel/enableCache.ts';
import { startExportCalls } from './panel/exportCalls.ts';
import { startPanel } from './panel/spendPanel.ts';
import type { PriceStore } from './prices/priceStore.ts';
import { startReconcile } from './reconcile/reconcileInvoice.ts';
import { startExplainRoute } from './routes/explainRoute.ts';
import { createServiceAccess } from './service/serviceAccess.ts';
import { startServiceCommands } from './service/serviceCommands.ts';
import type { Contribution } from './startContributions.ts';
import { createSpendItem, startStatusItem } from './status/statusItem.ts';

/** What runs on the service: metering, spend, panel and batch jobs. */
export function spendContributions(
  host: Host,
  prices: PriceStore,
  analyser: Pick<Analyser, 'calls'>,
  config: ConfigStore,
): readonly Contribution[] {
  const { context, log } = host;
  const keys = createStoredKeys(context.secrets, context.globalState);
  const choices = createMeteringChoices(context.workspaceState);
  const service = createServiceAccess(host, firstFolder, async (client, { workspaceId }) => {
    await client.putKeys({ workspaceId, keys: await keys.all() });
    const baseUrls = choices.confirmedUpstreams();
    if (Object.keys(baseUrls).length > 0) await client.putUpstreams({ workspaceId, baseUrls });
  });
  const metering = new Metering({ host, service, keys, choices });
  return [
    {
      name: 'status bar',
      start: () => startStatusItem({ log, service, metering, prices, createItem: createSpendItem }),
    },
    { name: 'spend panel', start: () => startPanel({ host, service, metering, catalog: prices.catalog }) },
    { name: 'agent tools', start: () => startAgentTools(host, service) },
    { name: 'export', start: () => startExportCalls(host, service) },
    { name: 'spending limits', start: () => startLimits(host, service) },
    { name: 'reconciliation', start: () => startReconcile(host, service) },
    {
      name: 'route explanation',
      start: () => startExplainRoute(host, config, () => service.view.routes?.guards ?? []),
    },
    { name: 'batch jobs', start: () => startJobs({ host, service, callsOf: analyser.calls }) },
    { name: 'cache commands', start: () => startEnableCache(host) },
    { name: 'embedding models', start: () => startEncoderCommands(host) },
    { name: 'cached answers', start: () => startCachedAnswers(host, service) },
    { name: 'judging cached answers', start: () => startJudgeCommand(host, service) },
    { name: 'calibration', start: () => startCalibrateCommand(host, service) },
    { name: 'service commands', start: () => startServiceCommands(host, service) },
    { name: 'provider keys', start: () => startKeys(host, keys, service) },
    { name: 'metering', start: () => startMetering(host, metering) },
    { name: 'metering commands', start: () => startMeteringCommands({ host, metering, choices, service }) },
    { name: 'debug sessions', start: () => startDebugSessions(metering, (folder) => readGitHead(folder, log), log) },
    { name: 'service', start: () => service.start() },
  ];
}

function startMetering(host: Host, metering: Metering): Disposable {
  const store = new DisposableStore((error) => host.log.warn('metering', describeError(error)));
  store.add(
    metering.onDidChange(({ kind }) => commands.executeCommand('setContext', contextKeys.metered, kind === 'on')),
  );
  store.add(metering);
  metering.start();
  return store;
}

/** The folder that names the workspace to the service; undefined where none is on disk. */
function firstFolder(): string | undefined {
  return workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath;
}
