import { l10n, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import { commandIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Metering, MeteringState } from '../environment/metering.ts';
import { describeError, type Log } from '../log.ts';
import { ageText } from '../prices/ageText.ts';
import type { PriceStore } from '../prices/priceStore.ts';
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
  readonly prices: Pick<PriceStore, 'catalog' | 'onDidChange'>;
}

export function createSpendItem(): StatusBarItem {
  return window.createStatusBarItem(itemId, StatusBarAlignment.Left, priority);
}

/** The one status bar item. */
export function startStatusItem({ log, service, metering, createItem, prices }: StatusParts): Disposable {
  const store = new DisposableStore((error) => log.warn('status bar', describeError(error)));
  const item = store.add(createItem());
  item.name = l10n.t('Tollgate Spend');
  item.command = commandIds.openPanel;
  let shown: string | undefined;
  /** Read once there is something to price, and not at activation. */
  let asOf: string | undefined;
  let isRead = false;
  const readPrices = (): void => {
    if (isRead) return;
    isRead = true;
    prices.catalog().then(
      (catalog) => {
        asOf = catalog.asOf;
        update();
      },
      (error: unknown) => log.warn('the age of the prices is not known', describeError(error)),
    );
  };
  const update = (): void => {
    const state = statusState(service.view, metering.state, Date.now());
    if (state.kind === 'ready') readPrices();
    const age = asOf === undefined ? {} : { prices: ageText(asOf, Date.now(), l10n.t) };
    const text = statusText(state.kind === 'ready' ? { ...state, ...age } : state, l10n.t);
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
  store.add(
    prices.onDidChange(() => {
      isRead = false;
      if (asOf !== undefined) readPrices();
    }),
  );
  update();
  return store;
}

function statusState({ state, today, limits = [] }: ServiceView, metering: MeteringState, nowMs: number): StatusState {
  if (state.kind !== 'connected') return state;
  if (today === undefined) return { kind: 'starting' };
  const exceeded = limits.filter((limit) => limit.exceeded && (limit.resetAtMs ?? Number.POSITIVE_INFINITY) > nowMs);
  return { kind: 'ready', today, metered: metering.kind === 'on', demo: state.workspace.demo, exceeded };
}
