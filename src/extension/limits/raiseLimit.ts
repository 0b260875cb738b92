import { l10n, window } from 'vscode';
import { formatUsd } from '../../catalog/formatUsd.ts';
import { picoUsdOf } from '../../catalog/money.ts';
import type { ConfiguredLimit, LimitStanding } from '../../service/api.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { raisedAmount, suggestedUsd } from './raisedAmount.ts';

/** Asks which limit (where none is given), to what, and whether that is meant. Rejects with `ControlFailed`. */
export async function raiseLimit(
  service: Pick<ServiceAccess, 'connected' | 'view'>,
  given: ConfiguredLimit | undefined,
): Promise<void> {
  const { client, workspace } = service.connected();
  const limit = given ?? (await pickLimit(service.view.limits ?? []));
  if (limit === undefined) return;
  const text = await window.showInputBox({
    title: l10n.t('Raise the limit of {0} for {1} until the end of the day', usd(limit.limitUsd), limit.scope),
    prompt: l10n.t('US dollars, more than {0}.', usd(limit.limitUsd)),
    value: String(suggestedUsd(limit)),
    validateInput: (value) =>
      raisedAmount(value, limit) === undefined
        ? l10n.t('Write an amount above {0}, like {1}.', usd(limit.limitUsd), String(suggestedUsd(limit)))
        : undefined,
  });
  const toUsd = text === undefined ? undefined : raisedAmount(text, limit);
  if (toUsd === undefined) return;
  const raise = l10n.t('Raise for Today');
  const answer = await window.showWarningMessage(
    l10n.t('Let calls spend up to {0} instead of {1}?', usd(toUsd), usd(limit.limitUsd)),
    {
      modal: true,
      detail: l10n.t('For {0}, until the end of the day. Your configuration stays as it is.', limit.scope),
    },
    raise,
  );
  if (answer !== raise) return;
  await client.raiseLimit({ workspaceId: workspace.workspaceId, limit, toUsd });
}

async function pickLimit(limits: readonly LimitStanding[]): Promise<ConfiguredLimit | undefined> {
  const items = limits
    .filter(({ raisable }) => raisable)
    .map(({ scope, window: span, limitPicoUsd, spentPicoUsd, configured }) => ({
      label: scope,
      description: l10n.t('{0} of {1} per {2} is spent', formatUsd(spentPicoUsd), formatUsd(limitPicoUsd), span),
      configured,
    }));
  if (items.length === 0) {
    window.showInformationMessage(l10n.t('No spending limit of this workspace can be raised.'));
    return undefined;
  }
  const picked = await window.showQuickPick(items, { placeHolder: l10n.t('Limit to raise for today') });
  return picked?.configured;
}

/** Commands are called with anything. */
export function isConfiguredLimit(value: unknown): value is ConfiguredLimit {
  return (
    typeof value === 'object' &&
    value !== null &&
    'scope' in value &&
    typeof value.scope === 'string' &&
    'limitUsd' in value &&
    typeof value.limitUsd === 'number' &&
    'window' in value &&
    (value.window === 'session' || value.window === 'day' || value.window === 'week' || value.window === 'month')
  );
}

function usd(amount: number): string {
  return formatUsd(picoUsdOf(amount));
}
