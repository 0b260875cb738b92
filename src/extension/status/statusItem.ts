import { l10n, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import { commandIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Metering, MeteringState } from '../environment/metering.ts';
import { describeError, type Log } from '../log.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import type { ServiceView } from '../service/serviceView.ts';
import { type StatusState, type StatusText, statusText } from './statusText.ts';

const itemId = 'tollgate.spend';
/** Left of what belongs to the file, right of the branch. */
const priority = 40;

export interface StatusParts {
  readonly log: Log;
  readonly service: Pick<ServiceAccess, 'view' | 'onDidChange'>;
  readonly metering: Pick<Metering, 'state' | 'onDidChange'>;
  readonly createItem: () => StatusBarItem;
}

export function createSpendItem(): StatusBarItem {
  return window.createStatusBarItem(itemId, StatusBarAlignment.Left, priority);
}

/** The one status bar item. */
export function startStatusItem({ log, service, metering, createItem }: StatusParts): Disposable {
  const store = new DisposableStore((error) => log.warn('status bar', describeError(error)));
  const item = store.add(createItem());
  item.name = l10n.t('Tollgate Spend');
  item.command = commandIds.openPanel;
  let shown: string | undefined;
  const update = (): void => {
    const text = statusText(statusState(service.view, metering.state), l10n.t);
    const key = JSON.stringify(text);
    if (key === shown) return;
    shown = key;
    if (text.text === '') item.hide();
    else show(text);
  };
  const show = (text: StatusText): void => {
    item.text = text.text;
    item.tooltip = new MarkdownString(text.tooltip);
    item.accessibilityInformation = { label: text.label, role: 'button' };
    item.backgroundColor =
      text.severity === 'none' ? undefined : new ThemeColor(`statusBarItem.${text.severity}Background`);
    item.show();
  };
  store.add(service.onDidChange(update));
  store.add(metering.onDidChange(update));
  update();
  return store;
}

function statusState({ state, today }: ServiceView, metering: MeteringState): StatusState {
  if (state.kind !== 'connected') return state;
  if (today === undefined) return { kind: 'starting' };
  return { kind: 'ready', today, metered: metering.kind === 'on', demo: state.workspace.demo };
}
