import { cacheSection } from './cacheSection.ts';
import { callList } from './callList.ts';
import { element, type PanelNode } from './element.ts';
import { dimensionName, filterBar } from './filterBar.ts';
import { groupTable } from './groupTable.ts';
import { figures, headline } from './headline.ts';
import { latencySection } from './latencySection.ts';
import type { PanelReady } from './messages.ts';
import { periodsSection } from './periodsSection.ts';
import { routesSection } from './routesSection.ts';
import { spendOverTime } from './spendOverTime.ts';
import { button, message } from './stateMessages.ts';
import type { ViewContext } from './view.ts';

/** The page while the service answers. */
export function readyView(state: PanelReady, context: ViewContext): readonly PanelNode[] {
  const { overview } = state;
  const { totals } = state.spend;
  const head = [
    ...notices(state),
    headline(totals, context.words),
    ...demoBanner(state, context),
    ...meteringBanner(state, context),
  ];
  const hasCalls = totals.calls > 0 || overview?.periods.some(({ costPicoUsd }) => costPicoUsd !== '0') === true;
  if (!hasCalls && (overview === undefined || overview.spend.totals.calls === 0))
    return [...head, figures(totals, context.words), empty(state, context)];
  return [...head, ...seen(state, context)];
}

/** What the reader chose to see; before the service has answered, today. */
function seen(state: PanelReady, context: ViewContext): PanelNode[] {
  const { overview } = state;
  const { words } = context;
  const { totals, lastCalls } = overview?.spend ?? state.spend;
  return [
    ...(overview === undefined ? [] : [periodsSection(overview, context), filterBar(overview, context)]),
    figures(totals, words),
    ...(overview === undefined ? [] : [spendOverTime(overview, context)]),
    groupTables(state, context),
    cacheSection(totals, context),
    ...routesSection(state.routes, words),
    ...(overview === undefined ? [] : latencySection(overview.latency, words)),
    callList(lastCalls, state.prices, context),
  ];
}

/** By model and by feature, and by what the chart is stacked by where that is something else. */
function groupTables({ overview, spend: today }: PanelReady, { words }: ViewContext): PanelNode {
  const { say } = words;
  const { byModel, byFeature } = overview?.spend ?? today;
  const other = overview === undefined || overview.by === 'model' || overview.by === 'feature' ? undefined : overview;
  return element(
    'div',
    'columns',
    [
      groupTable('byModel', say('byModel'), say('model'), say('noModel'), byModel, words),
      groupTable('byFeature', say('byFeature'), say('feature'), say('noFeature'), byFeature, words),
      other === undefined
        ? undefined
        : groupTable(
            'byOther',
            say(dimensionName[other.by]),
            say(dimensionName[other.by]),
            say('notNamed'),
            other.groups,
            words,
          ),
    ],
    { key: 'groups' },
  );
}

function notices(state: PanelReady): PanelNode[] {
  return state.notices.map((notice) =>
    element('p', `notice ${notice.severity}`, [notice.message], {
      key: `notice-${notice.id}`,
      attributes: { role: notice.severity === 'error' ? 'alert' : 'status' },
    }),
  );
}

function demoBanner(state: PanelReady, context: ViewContext): PanelNode[] {
  const { say, count } = context.words;
  const { demoAttempts } = state.spend.totals;
  if (!state.demo && demoAttempts === 0) return [];
  const text = state.demo ? say('demoBody') : say('demoSome', count(demoAttempts));
  return [
    element(
      'p',
      'demoNote',
      [
        element('strong', '', [say('demoTitle')]),
        ' ',
        text,
        ' ',
        button(say('openConfig'), 'link', () => context.run('openConfig')),
      ],
      { key: 'demo', attributes: { role: 'note' } },
    ),
  ];
}

function meteringBanner(state: PanelReady, context: ViewContext): PanelNode[] {
  const { say } = context.words;
  switch (state.metering.kind) {
    case 'metered':
      return [];
    case 'off':
      return [
        message(
          'notMetered',
          'status',
          say('notMeteredTitle'),
          [say('notMeteredBody')],
          [button(say('meter'), 'primary', () => context.run('meterWorkspace'))],
        ),
      ];
    case 'elsewhere': {
      const lines = state.metering.conflicts.map(({ variable, host, source }) =>
        say('elsewhereLine', variable, host, source),
      );
      return [
        message(
          'elsewhere',
          'status',
          say('elsewhereTitle'),
          [...lines, say('elsewhereBody')],
          [button(say('useExisting'), 'primary', () => context.run('useExistingBaseUrl'))],
        ),
      ];
    }
  }
}

function empty(state: PanelReady, context: ViewContext): PanelNode {
  const { say } = context.words;
  if (state.metering.kind === 'off') return message('empty', 'status', say('emptyTitle'), [say('emptyUnmetered')], []);
  return element(
    'section',
    'message empty',
    [
      element('h2', '', [say('emptyTitle')]),
      element('p', '', [say('emptyBody')]),
      element('p', '', [say('emptyElsewhere')]),
      element('pre', '', [state.environment.join('\n')], { attributes: { tabindex: 0 } }),
      element('div', 'actions', [
        button(say('copyLines'), 'primary', () => context.run('copyEnvironment')),
        button(say('walkthrough'), 'link', () => context.run('openWalkthrough')),
      ]),
    ],
    { key: 'message-empty', attributes: { role: 'status' } },
  );
}
