import { commands, Disposable, l10n, type QuickPickItem, window } from 'vscode';
import { commandIds, settingIds } from '../contributions.ts';
import type { Host } from '../host.ts';
import { type Display, displays } from '../settings.ts';

const lastDisplayKey = 'lastDisplay';

/** Showing, hiding and choosing how the prices are shown. */
export function startDisplayCommands(host: Host): Disposable {
  const hide = (): Promise<void> => setDisplay(host, 'off');
  return Disposable.from(
    commands.registerCommand(commandIds.toggleLenses, () =>
      host.settings.current().display === 'off' ? setDisplay(host, lastDisplay(host)) : hide(),
    ),
    // From a lens there is more than one thing that may be meant; from the palette there is one.
    commands.registerCommand(commandIds.hideLenses, (place?: unknown) => (place === undefined ? hide() : askHow(host))),
  );
}

async function setDisplay(host: Host, display: Display): Promise<void> {
  const before = host.settings.current().display;
  if (before !== 'off') await host.context.globalState.update(lastDisplayKey, before);
  await host.settings.update(settingIds.display, display);
  host.log.info(`display is ${display}`);
}

/** How the prices were shown before they were hidden. */
function lastDisplay(host: Host): Display {
  const stored = host.context.globalState.get<unknown>(lastDisplayKey);
  return displays.find((display) => display === stored && display !== 'off') ?? 'codeLens';
}

interface Choice extends QuickPickItem {
  readonly run: () => Thenable<unknown>;
}

async function askHow(host: Host): Promise<void> {
  const { display, lens } = host.settings.current();
  const choices: readonly Choice[] = [
    {
      label: l10n.t('Hide prompt lenses'),
      description: l10n.t('models keep theirs'),
      run: () => host.settings.update(settingIds.lensPrompts, false),
    },
    {
      label: l10n.t('Hide those of short prompts…'),
      description: l10n.t('now below {0} tokens', lens.minimumTokens),
      run: () => commands.executeCommand('workbench.action.openSettings', settingIds.lensMinimumTokens),
    },
    display === 'endOfLine'
      ? { label: l10n.t('Show them above the line'), run: () => setDisplay(host, 'codeLens') }
      : { label: l10n.t('Show them at the end of the line'), run: () => setDisplay(host, 'endOfLine') },
    { label: l10n.t('Show them on hover only'), run: () => setDisplay(host, 'hover') },
    {
      label: l10n.t('Hide cost lenses'),
      description: l10n.t('"Tollgate: Show or Hide Cost Lenses" brings them back'),
      run: () => setDisplay(host, 'off'),
    },
  ];
  const choice = await window.showQuickPick(choices, { title: l10n.t('Cost lenses') });
  await choice?.run();
}
