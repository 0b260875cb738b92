import { element, type PanelElement, type PanelNode } from './element.ts';
import type { PanelLimit, PanelOverview, PanelPeriodSum } from './overview.ts';
import type { PanelStringKey } from './panelStrings.ts';
import type { PanelPeriod } from './panelView.ts';
import type { ViewContext } from './view.ts';
import type { Words } from './words.ts';

export const periodName: Readonly<Record<PanelPeriod, PanelStringKey>> = {
  today: 'today',
  week: 'week',
  month: 'month',
};

const windowName: Readonly<Record<PanelLimit['window'], PanelStringKey>> = {
  day: 'limitDay',
  week: 'limitWeek',
  month: 'limitMonth',
  session: 'limitSession',
};

/** Today, week and month, each a button that shows it; and the spending limits that hold, as they stand. */
export function periodsSection({ periods, limits, period }: PanelOverview, context: ViewContext): PanelElement {
  const { words } = context;
  return element(
    'section',
    'periods',
    [
      element(
        'div',
        'periodButtons',
        periods.map((sum) => periodButton(sum, sum.period === period, context)),
        { attributes: { role: 'group', 'aria-label': words.say('period') } },
      ),
      limits.length === 0
        ? undefined
        : element(
            'ul',
            'limits',
            limits.map((limit) => limitLine(limit, words)),
            { attributes: { 'aria-label': words.say('limits') } },
          ),
    ],
    { key: 'periods' },
  );
}

function periodButton(sum: PanelPeriodSum, chosen: boolean, { words, view, setView }: ViewContext): PanelNode {
  const { say, money } = words;
  const approximate = sum.estimatedAttempts > 0 ? '~' : '';
  const amount =
    sum.costPicoUsd === '0' && sum.unpricedAttempts > 0
      ? say('priceUnknown')
      : `${approximate}${money(sum.costPicoUsd)}`;
  return element(
    'button',
    'period',
    [element('span', 'label', [say(periodName[sum.period])]), ' ', element('strong', '', [amount])],
    {
      key: sum.period,
      on: { click: () => setView({ ...view, period: sum.period }) },
      attributes: { type: 'button', 'aria-pressed': chosen ? 'true' : 'false' },
    },
  );
}

function limitLine(
  { scope, window, limitPicoUsd, spentPicoUsd }: PanelLimit,
  { say, money, percent }: Words,
): PanelNode {
  const [spent, limit] = [Number(spentPicoUsd), Number(limitPicoUsd)];
  const text = say(
    'limitLine',
    scope,
    say(windowName[window]),
    money(spentPicoUsd),
    money(limitPicoUsd),
    percent(spent, limit),
  );
  return element(
    'li',
    spent >= limit ? 'over' : '',
    [
      element('span', '', [text]),
      element('meter', '', [], {
        attributes: { min: 0, max: Math.max(limit, 1), value: Math.min(spent, limit), 'aria-hidden': 'true' },
      }),
    ],
    { key: `${scope} ${window} ${limitPicoUsd}` },
  );
}
