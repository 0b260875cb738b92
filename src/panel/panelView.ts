/** Spans of time that the panel shows. */
export const panelPeriods = ['today', 'week', 'month'] as const;

/** What spend can be stacked and filtered by. */
export const panelDimensions = ['model', 'feature', 'user', 'branch', 'callSite'] as const;

export type PanelPeriod = (typeof panelPeriods)[number];
export type PanelDimension = (typeof panelDimensions)[number];

/** What the reader chose to see; holds for every chart, table and export. Empty text in the filter = not named. */
export interface PanelView {
  readonly period: PanelPeriod;
  readonly by: PanelDimension;
  readonly filter: Readonly<Partial<Record<PanelDimension, string>>>;
}

export const firstView: PanelView = { period: 'today', by: 'model', filter: {} };

/** Reads a view that was kept or sent; undefined for anything that is not one. */
export function parsePanelView(value: unknown): PanelView | undefined {
  if (!isRecord(value) || !isRecord(value.filter)) return undefined;
  const period = panelPeriods.find((known) => known === value.period);
  const by = panelDimensions.find((known) => known === value.by);
  if (period === undefined || by === undefined) return undefined;
  const filter: Partial<Record<PanelDimension, string>> = {};
  for (const dimension of panelDimensions) {
    const text = value.filter[dimension];
    if (typeof text === 'string') filter[dimension] = text;
    else if (text !== undefined) return undefined;
  }
  return { period, by, filter };
}

export function isFiltered({ filter }: PanelView): boolean {
  return Object.keys(filter).length > 0;
}

/** The view narrowed to one value of a dimension, or (undefined) to all of them. */
export function withFilter(view: PanelView, dimension: PanelDimension, value: string | undefined): PanelView {
  const { [dimension]: _, ...others } = view.filter;
  return { ...view, filter: value === undefined ? others : { ...others, [dimension]: value } };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
