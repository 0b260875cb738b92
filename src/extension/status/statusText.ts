import { formatUsd } from '../../catalog/formatUsd.ts';
import type { SpendSnapshot, SpendTotals } from '../../ledger/ledger.ts';
import type { LimitStanding } from '../../service/api.ts';
import { escapeMarkdown } from '../escapeMarkdown.ts';
import type { AgeText } from '../prices/ageText.ts';
import type { Translate } from '../translate.ts';

/** What the status bar item has to tell. */
export type StatusState =
  | { readonly kind: 'off'; readonly reason: 'untrusted' | 'noFolder' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'missing'; readonly message: string }
  | { readonly kind: 'down'; readonly message: string; readonly retrying: boolean }
  | {
      readonly kind: 'ready';
      readonly today: SpendSnapshot;
      readonly metered: boolean;
      readonly demo: boolean;
      /** Absent until the prices have been read. */
      readonly prices?: AgeText;
      /** Spending limits that are passed, or have refused a call. */
      readonly exceeded?: readonly LimitStanding[];
    };

export interface StatusText {
  /** With a `$(codicon)`. Empty = hide the item. */
  readonly text: string;
  /** Markdown. */
  readonly tooltip: string;
  /** Read out instead of `text`, whose icon has no name. */
  readonly label: string;
  readonly severity: 'none' | 'warning' | 'error';
}

const mostModels = 5;

export function statusText(state: StatusState, t: Translate): StatusText {
  switch (state.kind) {
    case 'off':
      return state.reason === 'noFolder'
        ? { text: '', tooltip: '', label: '', severity: 'none' }
        : plain(
            '$(circle-slash)',
            t('Tollgate: off'),
            t('Tollgate runs no service in a workspace that is not trusted.'),
          );
    case 'starting':
      return plain('$(loading~spin)', t('Tollgate'), t('The Tollgate service is starting.'));
    case 'missing':
      return { ...plain('$(warning)', t('Tollgate'), state.message), severity: 'warning' };
    case 'down':
      return {
        ...plain(
          '$(error)',
          t('Tollgate: not running'),
          state.retrying ? `${state.message}\n\n${t('Trying again…')}` : state.message,
        ),
        severity: 'error',
      };
    case 'ready':
      return ready(state, t);
  }
}

function plain(icon: string, text: string, tooltip: string): StatusText {
  return { text: `${icon} ${text}`, tooltip: escapeMarkdown(tooltip), label: `${text}. ${tooltip}`, severity: 'none' };
}

function ready(state: StatusState & { kind: 'ready' }, t: Translate): StatusText {
  const { totals } = state.today;
  const { exceeded = [] } = state;
  // What stops calls is an error; what goes on is a warning.
  const severity =
    exceeded.length === 0 ? 'none' : exceeded.some(({ onExceed }) => onExceed === 'block') ? 'error' : 'warning';
  const parts = [
    t('{0} today', `${totals.estimatedAttempts > 0 ? '~' : ''}${formatUsd(totals.costPicoUsd)}`),
    ...(totals.calls > 0 ? [t('{0} cached', cachedShare(totals))] : []),
    ...(state.demo || totals.demoAttempts > 0 ? [t('demo')] : []),
    ...(state.metered ? [] : [t('not metered')]),
    ...(exceeded.length > 0 ? [t('limit reached')] : []),
  ];
  const text = parts.join(' · ');
  return {
    text: `$(credit-card) ${text}`,
    tooltip: readyTooltip(state, t),
    label: `Tollgate: ${text}`,
    severity,
  };
}

/** Share of calls that were answered without asking a provider, as whole percent. */
export function cachedShare(totals: SpendTotals): string {
  const { hitExact = 0, hitWording = 0, hitSemantic = 0, joined = 0 } = totals.cacheOutcomes;
  const hits = hitExact + hitWording + hitSemantic + joined;
  return `${totals.calls === 0 ? 0 : Math.round((100 * hits) / totals.calls)}%`;
}

function readyTooltip(
  { today, metered, demo, prices, exceeded = [] }: StatusState & { kind: 'ready' },
  t: Translate,
): string {
  const { totals } = today;
  const rows: readonly (readonly [string, string])[] = [
    [t('Spent today'), formatUsd(totals.costPicoUsd)],
    [t('Saved by cache'), formatUsd(totals.savedPicoUsd)],
    [t('Calls'), String(totals.calls)],
    [
      t('Tokens'),
      t('{0} in / {1} out', totals.inputTokens.toLocaleString('en'), totals.outputTokens.toLocaleString('en')),
    ],
    ...(totals.failedCalls > 0 ? [[t('Failed'), String(totals.failedCalls)] as const] : []),
    ...(totals.unpricedAttempts > 0 ? [[t('Price unknown'), String(totals.unpricedAttempts)] as const] : []),
    ...(totals.unmeteredCalls > 0 ? [[t('Not metered'), String(totals.unmeteredCalls)] as const] : []),
    ...today.byModel
      .slice(0, mostModels)
      .map((group) => [group.key ?? t('(no model given)'), groupSpend(group, t)] as const),
  ];
  const remarks = [
    ...exceeded.map(({ scope, spentPicoUsd, limitPicoUsd }) =>
      t('Spending limit reached ({0}): {1} of {2}.', scope, formatUsd(spentPicoUsd), formatUsd(limitPicoUsd)),
    ),
    ...(totals.estimatedAttempts > 0 ? [t('~ Some calls are estimated.')] : []),
    ...(demo || totals.demoAttempts > 0
      ? [t('Answers of the demo provider are counted at list price and billed by nobody.')]
      : []),
    ...(metered ? [] : [t('This workspace is not metered: its programs call the providers directly.')]),
    ...(prices === undefined ? [] : [prices.text]),
  ];
  return [
    '**Tollgate**',
    `| | |\n|:--|--:|\n${rows.map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`).join('\n')}`,
    ...remarks.map(escapeMarkdown),
  ].join('\n\n');
}

function groupSpend(group: { costPicoUsd: string; unpricedAttempts: number }, t: Translate): string {
  const unknown = t('price unknown');
  if (group.unpricedAttempts === 0) return formatUsd(group.costPicoUsd);
  return group.costPicoUsd === '0' ? unknown : `${formatUsd(group.costPicoUsd)} + ${unknown}`;
}

function cell(text: string): string {
  return escapeMarkdown(text).replaceAll('\n', ' ');
}
