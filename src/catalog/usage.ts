/**
 * Every kind a billed token can be of. A `Usage` is a partition: each billed token is counted in exactly one kind.
 * Providers report inclusive or exclusive sums; `wire/` turns them into this once, at the edge.
 */
export const usageKinds = [
  'input',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'output',
  'reasoning',
  'inputAudio',
  'outputAudio',
] as const;

export type UsageKind = (typeof usageKinds)[number];

/** Tokens per kind; an absent kind is zero. */
export type Usage = Readonly<Partial<Record<UsageKind, number>>>;

const inputKinds: readonly UsageKind[] = ['input', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'inputAudio'];

/** All tokens of the prompt, cached or not: the figure that long-context tiers are decided by. */
export function totalInputTokens(usage: Usage): number {
  return inputKinds.reduce((sum, kind) => sum + (usage[kind] ?? 0), 0);
}

/** All tokens of the answer, reasoning included. */
export function totalOutputTokens(usage: Usage): number {
  return (usage.output ?? 0) + (usage.reasoning ?? 0) + (usage.outputAudio ?? 0);
}

/** Kind by kind sum of two usages. */
export function addUsage(a: Usage, b: Usage): Usage {
  const sum: Partial<Record<UsageKind, number>> = {};
  for (const kind of usageKinds) {
    const tokens = (a[kind] ?? 0) + (b[kind] ?? 0);
    if (tokens !== 0) sum[kind] = tokens;
  }
  return sum;
}
