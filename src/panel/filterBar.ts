import { element, type PanelElement, type PanelNode } from './element.ts';
import type { PanelOverview } from './overview.ts';
import type { PanelStringKey } from './panelStrings.ts';
import { isFiltered, type PanelDimension, panelDimensions, withFilter } from './panelView.ts';
import { button } from './stateMessages.ts';
import type { ViewContext } from './view.ts';

export const dimensionName: Readonly<Record<PanelDimension, PanelStringKey>> = {
  model: 'model',
  feature: 'feature',
  user: 'user',
  branch: 'branch',
  callSite: 'callSite',
};

/** A value that stands for "all of them" and that no name can be. */
const all = 'all';

/** What every chart, table and export is narrowed to. Dimensions of which there is only one value are left out. */
export function filterBar({ choices }: PanelOverview, context: ViewContext): PanelElement {
  const { view, setView, exportView } = context;
  const { say } = context.words;
  const offered = panelDimensions.filter(
    (dimension) => choices[dimension].length > 1 || view.filter[dimension] !== undefined,
  );
  return element(
    'div',
    'filters',
    [
      ...offered.map((dimension) => filter(dimension, choices[dimension], context)),
      element('div', 'actions', [
        isFiltered(view) ? button(say('clearFilters'), 'secondary', () => setView({ ...view, filter: {} })) : undefined,
        exportView === undefined ? undefined : button(say('exportSeen'), 'secondary', exportView),
      ]),
    ],
    { key: 'filters', attributes: { role: 'group', 'aria-label': say('filters') } },
  );
}

function filter(
  dimension: PanelDimension,
  values: readonly string[],
  { words, view, setView }: ViewContext,
): PanelNode {
  const { say } = words;
  const chosen = view.filter[dimension];
  const listed = chosen === undefined || values.includes(chosen) ? values : [chosen, ...values];
  const change = (event: Event): void => {
    if (!(event.target instanceof HTMLSelectElement)) return;
    const { value } = event.target;
    setView(withFilter(view, dimension, value === all ? undefined : value.slice(1)));
  };
  return element(
    'label',
    'filter',
    [
      element('span', '', [say(dimensionName[dimension])]),
      element(
        'select',
        '',
        [
          option(all, say('allOfThem'), chosen === undefined),
          ...listed.map((value) => option(`=${value}`, value === '' ? say('notNamed') : value, value === chosen)),
        ],
        { on: { change }, attributes: { 'data-dimension': dimension } },
      ),
    ],
    { key: dimension },
  );
}

function option(value: string, text: string, selected: boolean): PanelNode {
  return element('option', '', [text], { key: value, attributes: { value, selected } });
}
