import { LanguageModelTextPart, LanguageModelToolResult, l10n, lm, McpStdioServerDefinition, workspace } from 'vscode';
import { isSpendPeriod } from '../../ledger/spendText.ts';
import { askSpend } from '../../service/askSpend.ts';
import { homeFolder } from '../../service/home.ts';
import { mcpProviderId, toolNames } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';

/** With what agents ask “what did this cost”: a language model tool of the editor, and an MCP server for agents of their own. */
export function startAgentTools(host: Host, service: ServiceAccess): Disposable {
  const store = new DisposableStore((error) => host.log.warn('agents', describeError(error)));
  store.add(
    lm.registerTool<{ period?: unknown }>(toolNames.spend, {
      prepareInvocation: () => ({ invocationMessage: l10n.t('Reading what calls cost') }),
      invoke: async ({ input }) => {
        const { client, workspace: registered } = service.connected();
        const period = isSpendPeriod(input.period) ? input.period : 'today';
        const text = await askSpend(client, registered.workspaceId, period, Date.now());
        return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
      },
    }),
  );
  store.add(
    lm.registerMcpServerDefinitionProvider(mcpProviderId, {
      provideMcpServerDefinitions: () => {
        const folder = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
        if (folder === undefined) return [];
        const cli = host.context.asAbsolutePath('dist/cli.js');
        const args = [cli, 'mcp', '--folder', folder.uri.fsPath, '--data', homeFolder(process.env, process.platform)];
        const env = { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: null };
        const version = String(host.context.extension.packageJSON.version);
        return [new McpStdioServerDefinition('Tollgate', process.execPath, args, env, version)];
      },
    }),
  );
  return store;
}
