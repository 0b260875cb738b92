import { randomBytes } from 'node:crypto';
import { commands, env, l10n, Uri, ViewColumn, type Webview, type WebviewPanel, window } from 'vscode';
import type { Catalog } from '../../catalog/catalog.ts';
import { type PanelAction, type PanelReady, type PanelState, parsePanelRequest } from '../../panel/messages.ts';
import { panelStrings } from '../../panel/panelStrings.ts';
import { firstView } from '../../panel/panelView.ts';
import type { PeriodOverview } from '../../service/api.ts';
import { commandIds, viewIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Metering } from '../environment/metering.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import { ageText } from '../prices/ageText.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { createOverviewFeed } from './overviewFeed.ts';
import { panelHtml } from './panelHtml.ts';
import { panelStateOf } from './panelState.ts';

/** Restores an open panel after a reload of the window. */
const panelType = 'tollgate.panel';

export interface PanelParts {
  readonly host: Host;
  readonly service: ServiceAccess;
  readonly metering: Metering;
  readonly catalog: () => Promise<Catalog>;
}

const actionCommands: Readonly<Record<PanelAction, string>> = {
  meterWorkspace: commandIds.meterWorkspace,
  useExistingBaseUrl: commandIds.useExistingBaseUrl,
  restartService: commandIds.restartService,
  showLog: commandIds.showLog,
  enableExactCache: commandIds.enableExactCache,
  enableSemanticCache: commandIds.enableSemanticCache,
  judgeCache: commandIds.judgeCache,
  openConfig: commandIds.openConfig,
  copyEnvironment: commandIds.copyBaseUrl,
  manageTrust: 'workbench.trust.manage',
  openFolder: 'vscode.openFolder',
  openWalkthrough: commandIds.openWalkthrough,
};

/** The spend panel: a tab in the editor area, and the same page as a view in the side bar. */
export function startPanel(parts: PanelParts): Disposable {
  const { host } = parts;
  const store = new DisposableStore((error) => host.log.warn('panel', describeError(error)));
  let open: WebviewPanel | undefined;
  const adopt = (panel: WebviewPanel): void => {
    open = panel;
    const icon = (theme: string): Uri => Uri.joinPath(host.context.extensionUri, 'media', `tollgate-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    const page = store.add(showIn(panel.webview, parts));
    panel.onDidDispose(() => {
      if (open === panel) open = undefined;
      page.dispose();
    });
  };
  store.add(
    commands.registerCommand(commandIds.openPanel, () => {
      if (open !== undefined) return open.reveal();
      adopt(
        window.createWebviewPanel(panelType, l10n.t('Tollgate Spend'), ViewColumn.Active, { enableFindWidget: true }),
      );
    }),
  );
  store.add(
    window.registerWebviewPanelSerializer(panelType, {
      deserializeWebviewPanel: async (panel) => adopt(panel),
    }),
  );
  store.add(
    window.registerWebviewViewProvider(viewIds.spend, {
      resolveWebviewView: (view) => {
        const page = store.add(showIn(view.webview, parts));
        view.onDidDispose(() => page.dispose());
      },
    }),
  );
  return store;
}

/** Fills a webview with the panel and keeps it up to date until disposed. */
function showIn(webview: Webview, { host, service, metering, catalog }: PanelParts): Disposable {
  const { log, context } = host;
  const store = new DisposableStore((error) => log.warn('panel', describeError(error)));
  const dist = Uri.joinPath(context.extensionUri, 'dist');
  let last: PanelReady | undefined;
  const send = async (): Promise<void> => {
    const state = await currentState(last, feed.overview, { host, service, metering, catalog });
    if (state.kind === 'ready') last = state;
    await webview.postMessage({ type: 'state', state });
  };
  const sendLogged = (): void => {
    send().catch((error: unknown) => log.debug('the panel took no message', describeError(error)));
  };
  const feed = createOverviewFeed(firstView, {
    service: () => (service.view.state.kind === 'connected' ? service.connected() : undefined),
    onOverview: sendLogged,
    onProblem: (error) => log.debug('no overview', describeError(error)),
  });
  store.add(feed);
  webview.options = { enableScripts: true, localResourceRoots: [dist] };
  store.add(
    webview.onDidReceiveMessage((message: unknown) => {
      const request = parsePanelRequest(message);
      if (request === undefined) log.warn('the panel sent a message of no known kind');
      else if (request.type === 'ready') {
        sendLogged();
        feed.refresh();
      } else if (request.type === 'view') feed.show(request.view);
      else if (request.type === 'export') commands.executeCommand(commandIds.exportCalls, request.view);
      else commands.executeCommand(actionCommands[request.action]);
    }),
  );
  store.add(
    service.onDidChange(() => {
      sendLogged();
      feed.refresh();
    }),
  );
  store.add(metering.onDidChange(sendLogged));
  webview.html = panelHtml({
    nonce: randomBytes(18).toString('base64'),
    source: webview.cspSource,
    scriptUri: webview.asWebviewUri(Uri.joinPath(dist, 'panel.js')).toString(),
    styleUri: webview.asWebviewUri(Uri.joinPath(dist, 'panel.css')).toString(),
    language: env.language,
    title: l10n.t('Tollgate Spend'),
    strings: Object.fromEntries(Object.entries(panelStrings).map(([key, text]) => [key, l10n.t(text)])),
  });
  return store;
}

async function currentState(
  last: PanelReady | undefined,
  overview: PeriodOverview | undefined,
  parts: PanelParts,
): Promise<PanelState> {
  try {
    const catalog = await parts.catalog();
    const age = ageText(catalog.asOf, Date.now(), l10n.t);
    const stale = age.state === 'fresh' ? undefined : age.text;
    return panelStateOf(parts.service.view, parts.metering.state, catalog, last, stale, overview);
  } catch (error) {
    parts.host.log.error('the panel has no state', describeError(error));
    return { kind: 'error', message: error instanceof Error ? error.message : String(error) };
  }
}
