/** What spend can be told apart by. */
export const dimensions = ['model', 'feature', 'user', 'branch', 'callSite'] as const;

export type Dimension = (typeof dimensions)[number];

/** Which calls: a dimension that is absent does not narrow; empty text means "none named". */
export type SpendFilter = Readonly<Partial<Record<Dimension, string>>>;

export function isDimension(text: unknown): text is Dimension {
  return dimensions.some((dimension) => dimension === text);
}

/** The column of each dimension in `ledger_subject`. */
export const subjectColumns: Readonly<Record<Dimension, string>> = {
  model: 'model',
  feature: 'feature',
  user: 'user_pseudonym',
  branch: 'branch',
  callSite: 'call_site',
};

/** Which sums: of topics, of users, of pairs of both. */
export type Shape = 'topic' | 'user' | 'pair';

/** The fewest cells that can answer a question about these dimensions. */
export function shapeFor(filter: SpendFilter, asked: readonly Dimension[]): Shape {
  const used = new Set([...dimensions.filter((dimension) => filter[dimension] !== undefined), ...asked]);
  if (!used.has('user')) return 'topic';
  return used.size === 1 ? 'user' : 'pair';
}

export function isNarrow(filter: SpendFilter): boolean {
  return dimensions.some((dimension) => filter[dimension] !== undefined);
}
