import { element, type PanelElement, type PanelNode } from './element.ts';
import { dimensionName } from './filterBar.ts';
import type { PanelLayer, PanelOverview, PanelSeries } from './overview.ts';
import { type PanelDimension, panelDimensions, withFilter } from './panelView.ts';
import type { ViewContext } from './view.ts';
import type { Words } from './words.ts';

/** What was spent over time, stacked by the chosen dimension; the same figures as a table below. */
export function spendOverTime(overview: PanelOverview, context: ViewContext): PanelElement {
  const { words, view, setView, drawChart } = context;
  const { say } = words;
  const { series } = overview;
  const names = series.layers.map((layer) => layerName(layer, words));
  const change = (event: Event): void => {
    if (!(event.target instanceof HTMLSelectElement)) return;
    const { value } = event.target;
    const by = panelDimensions.find((dimension) => dimension === value);
    if (by !== undefined) setView({ ...view, by });
  };
  return element(
    'section',
    'overTime',
    [
      element('div', 'heading', [
        element('h2', '', [say('overTime')], { attributes: { id: 'over-time-title' } }),
        element('label', 'filter', [
          element('span', '', [say('stackedBy')]),
          element(
            'select',
            '',
            panelDimensions.map((dimension) => stackOption(dimension, view.by === dimension, words)),
            { on: { change }, attributes: { 'data-stack': true } },
          ),
        ]),
      ]),
      ...(series.layers.length === 0
        ? [element('p', 'none', [say('nothingSpent')])]
        : [
            element('div', 'chart', [], {
              key: 'chart',
              live: (node) => drawChart?.(node, series, names, words),
              attributes: { role: 'img', tabindex: 0, 'aria-label': chartLabel(series, names, words) },
            }),
            legend(overview, names, context),
            seriesTable(series, names, words),
          ]),
      element('p', 'caption', [say(series.bucketMs === dayMs ? 'utcDays' : 'byHour')]),
    ],
    { key: 'overTime', attributes: { 'aria-labelledby': 'over-time-title' } },
  );
}

const dayMs = 86_400_000;

export function layerName({ key, others }: PanelLayer, { say, count }: Words): string {
  return others === undefined ? (key ?? say('notNamed')) : say('otherLayers', count(others));
}

/** When a bucket begins, as its axis and its row say it. */
export function bucketName(startMs: number, bucketMs: number, words: Words): string {
  return bucketMs === dayMs ? words.utcDay(startMs) : words.hour(startMs);
}

function stackOption(dimension: PanelDimension, selected: boolean, { say }: Words): PanelNode {
  return element('option', '', [say(dimensionName[dimension])], {
    key: dimension,
    attributes: { value: dimension, selected },
  });
}

function chartLabel({ layers }: PanelSeries, names: readonly string[], { say, money }: Words): string {
  const parts = layers.map((layer, index) => `${names[index] ?? ''} ${money(sumOf(layer))}`);
  return say('chartLabel', parts.join(', '));
}

function sumOf({ costPicoUsd }: PanelLayer): bigint {
  return costPicoUsd.reduce((sum, cost) => sum + BigInt(cost), 0n);
}

/** The colours' names; choosing one narrows everything to it. */
function legend({ series, by }: PanelOverview, names: readonly string[], context: ViewContext): PanelNode {
  const { words, view, setView } = context;
  return element(
    'ul',
    'legend',
    series.layers.map((layer, index) => {
      const name = names[index] ?? '';
      const text = [
        element('span', `swatch layer${index}`),
        element('span', 'name', [name]),
        ' ',
        words.money(sumOf(layer)),
      ];
      const chosen = view.filter[by] === (layer.key ?? '');
      return element(
        'li',
        '',
        [
          layer.others === undefined
            ? element('button', 'link', text, {
                on: { click: () => setView(withFilter(view, by, chosen ? undefined : (layer.key ?? ''))) },
                attributes: {
                  type: 'button',
                  'aria-pressed': chosen ? 'true' : 'false',
                  title: words.say('showOnly', name),
                },
              })
            : element('span', '', text),
        ],
        { key: `${layer.key ?? ''}${layer.others ?? ''}` },
      );
    }),
  );
}

/** For those who do not see the chart, and for figures to copy. */
function seriesTable({ startsMs, bucketMs, layers }: PanelSeries, names: readonly string[], words: Words): PanelNode {
  const { say, money } = words;
  const rows = startsMs.flatMap((startMs, index) => {
    const costs = layers.map((layer) => BigInt(layer.costPicoUsd[index] ?? '0'));
    const sum = costs.reduce((all, cost) => all + cost, 0n);
    if (sum === 0n) return [];
    return [
      element(
        'tr',
        '',
        [
          element('th', '', [bucketName(startMs, bucketMs, words)], { attributes: { scope: 'row' } }),
          ...[...costs, sum].map((cost) => element('td', 'number', [cost === 0n ? '' : money(cost)])),
        ],
        { key: String(startMs) },
      ),
    ];
  });
  const heads = [say('time'), ...names, say('sum')];
  return element('details', 'asTable', [
    element('summary', '', [say('asTable')]),
    element(
      'div',
      'scroll',
      [
        element(
          'table',
          '',
          [
            element('thead', '', [
              element(
                'tr',
                '',
                heads.map((text, index) =>
                  element('th', index === 0 ? '' : 'number', [text], { attributes: { scope: 'col' } }),
                ),
              ),
            ]),
            element('tbody', '', rows),
          ],
          { attributes: { 'aria-labelledby': 'over-time-title' } },
        ),
      ],
      { attributes: { tabindex: 0, role: 'group', 'aria-label': say('asTable') } },
    ),
  ]);
}
