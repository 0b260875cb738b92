import { commands, Disposable, l10n, Uri, window, workspace } from 'vscode';
import { type RuleId, ruleIds } from '../../advice/ruleIds.ts';
import { commandIds, settingIds } from '../contributions.ts';
import type { Host } from '../host.ts';
import { tellError } from '../tellError.ts';
import { adviceFile } from './adviceMessage.ts';

/** Reading about a rule, and turning it off. */
export function startAdviceCommands(host: Host): Disposable {
  const withRule = (run: (host: Host, rule: RuleId) => Promise<void>) => async (argument: unknown) => {
    try {
      const rule = ruleIds.find((each) => each === argument) ?? (await askForRule());
      if (rule !== undefined) await run(host, rule);
    } catch (error) {
      await tellError(error, host.log);
    }
  };
  return Disposable.from(
    commands.registerCommand(commandIds.explainAdvice, withRule(explain)),
    commands.registerCommand(commandIds.turnOffAdvice, withRule(turnOff)),
  );
}

async function askForRule(): Promise<RuleId | undefined> {
  const picked = await window.showQuickPick([...ruleIds], { title: l10n.t('Which advice?') });
  return ruleIds.find((rule) => rule === picked);
}

async function explain({ context }: Host, rule: RuleId): Promise<void> {
  await commands.executeCommand('markdown.showPreview', Uri.joinPath(context.extensionUri, adviceFile(rule)));
}

async function turnOff({ settings, log }: Host, rule: RuleId): Promise<void> {
  const inWorkspace = { label: l10n.t('In this workspace'), where: 'workspace' } as const;
  const everywhere = { label: l10n.t('In all workspaces'), where: 'user' } as const;
  const choices = workspace.workspaceFolders === undefined ? [everywhere] : [inWorkspace, everywhere];
  const choice = await window.showQuickPick(choices, { title: l10n.t('Turn {0} off', rule) });
  if (!choice) return;
  await settings.merge(settingIds.advice, { [rule]: 'off' }, choice.where);
  log.info(`advice ${rule} is off (${choice.where})`);
}
