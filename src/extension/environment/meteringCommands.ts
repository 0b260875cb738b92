import { commands, env, l10n, window } from 'vscode';
import { type CommandId, commandIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { tellError } from '../tellError.ts';
import { askToMeter } from './askToMeter.ts';
import { environmentLines } from './environmentLines.ts';
import { type BaseUrlConflict, hostOf } from './environmentSources.ts';
import type { Metering } from './metering.ts';
import type { MeteringChoices } from './meteringChoices.ts';

export interface MeteringCommandParts {
  readonly host: Host;
  readonly metering: Metering;
  readonly choices: MeteringChoices;
  readonly service: ServiceAccess;
}

/** The question, the commands and the notices around metering a workspace. */
export function startMeteringCommands(parts: MeteringCommandParts): Disposable {
  const { host, metering, choices, service } = parts;
  const store = new DisposableStore((error) => host.log.warn('metering', describeError(error)));
  const command = (id: CommandId, run: () => Promise<void>): void => {
    store.add(commands.registerCommand(id, () => run().catch((error: unknown) => tellError(error, host.log))));
  };
  const turnOn = () => turnMeteringOn(parts);
  command(commandIds.meterWorkspace, turnOn);
  command(commandIds.stopMetering, async () => {
    await choices.setChoice('never');
    await metering.refresh();
    window.showInformationMessage(
      l10n.t('New terminals call the providers directly again. Open ones keep what they have.'),
    );
  });
  command(commandIds.useExistingBaseUrl, () => useExistingBaseUrl(parts));
  command(commandIds.copyBaseUrl, async () => {
    await env.clipboard.writeText(environmentLines(service.connected().workspace).join('\n'));
    window.showInformationMessage(
      l10n.t('Base URLs copied. They hold this workspace’s token: treat them like a password.'),
    );
  });
  command(commandIds.rotateToken, () => rotateToken(parts));

  let asked = false;
  const askOnce = (): void => {
    if (asked || service.view.state.kind !== 'connected' || !host.settings.current().metering.ask) return;
    asked = true;
    askToMeter(choices, turnOn, host.log).catch((error: unknown) => tellError(error, host.log));
  };
  store.add(service.onDidChange(askOnce));
  store.add(metering.onDidChange(() => offerUpstreams(parts).catch((error: unknown) => tellError(error, host.log))));
  return store;
}

async function turnMeteringOn({ metering, choices, service }: MeteringCommandParts): Promise<void> {
  service.connected();
  await choices.setChoice('on');
  await metering.refresh();
  if (metering.state.kind === 'on' && metering.state.elsewhere.length > 0) return;
  window.showInformationMessage(
    l10n.t('This workspace is metered. Open a new terminal: those already open keep what they have.'),
  );
}

/** Tells once about a base URL that is set elsewhere. It stays as it is unless the user decides otherwise. */
async function offerUpstreams(parts: MeteringCommandParts): Promise<void> {
  const { metering, choices } = parts;
  if (metering.state.kind !== 'on') return;
  const conflict = metering.state.elsewhere.find(({ value }) => !choices.isDismissed(value));
  if (conflict === undefined) return;
  await choices.dismiss(conflict.value);
  const use = l10n.t('Use It as the Provider…');
  const answer = await window.showWarningMessage(
    l10n.t(
      '{0} is already set to {1} in {2}. Tollgate leaves it as it is, so those calls are not metered.',
      conflict.variable,
      hostOf(conflict.value),
      conflict.source.name,
    ),
    use,
    l10n.t('Leave It'),
  );
  if (answer === use) await confirmUpstream(parts, conflict);
}

async function useExistingBaseUrl(parts: MeteringCommandParts): Promise<void> {
  const { state } = parts.metering;
  const conflicts = state.kind === 'on' ? state.elsewhere : [];
  if (conflicts.length === 0) {
    window.showInformationMessage(l10n.t('No base URL is set elsewhere.'));
    return;
  }
  const items = conflicts.map((conflict) => ({
    label: conflict.variable,
    description: hostOf(conflict.value),
    detail: conflict.source.name,
    conflict,
  }));
  const picked =
    items.length === 1
      ? items[0]
      : await window.showQuickPick(items, { title: l10n.t('Use Which Address as the Provider?') });
  if (picked !== undefined) await confirmUpstream(parts, picked.conflict);
}

async function confirmUpstream(
  parts: MeteringCommandParts,
  { provider, value, variable }: BaseUrlConflict,
): Promise<void> {
  const { choices, service, metering } = parts;
  const use = l10n.t('Use This Address');
  const answer = await window.showWarningMessage(
    l10n.t('Send this workspace’s {0} calls through Tollgate to {1}?', provider, value),
    {
      modal: true,
      detail: l10n.t(
        'Your programs’ own keys go to that address, as they do now. New terminals, tasks and debug sessions get Tollgate’s address in {0}.',
        variable,
      ),
    },
    use,
  );
  if (answer !== use) return;
  const { client, workspace } = service.connected();
  await choices.confirmUpstream(provider, value);
  await client.putUpstreams({ workspaceId: workspace.workspaceId, baseUrls: choices.confirmedUpstreams() });
  await metering.refresh();
}

async function rotateToken({ service, metering }: MeteringCommandParts): Promise<void> {
  const rotate = l10n.t('Change Token');
  const answer = await window.showWarningMessage(
    l10n.t('Change this workspace’s Tollgate token?'),
    {
      modal: true,
      detail: l10n.t(
        'Open terminals and running programs hold the old one and can no longer call. Open new terminals afterwards.',
      ),
    },
    rotate,
  );
  if (answer !== rotate) return;
  const { client, workspace } = service.connected();
  service.replaceWorkspace(await client.rotateToken(workspace.workspaceId));
  await metering.refresh();
}
