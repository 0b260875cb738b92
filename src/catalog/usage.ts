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
  'inputImage',
  'outputImage',
] as const;

export type UsageKind = (typeof usageKinds)[number];

/** Tokens per kind; an absent kind is zero. */
export type Usage = Readonly<Partial<Record<UsageKind, number>>>;

/** What is billed by the piece beside the tokens; `audioHour` may be a fraction. */
export const useKinds = [
  'request',
  'requestLow',
  'requestMedium',
  'webSearch',
  'fileSearch',
  'image',
  'audioHour',
  'page',
  'character',
] as const;

export type UseKind = (typeof useKinds)[number];

/** Uses per kind; an absent kind is zero. `requestLow` and `requestMedium`: with little or some search context. */
export type Uses = Readonly<Partial<Record<UseKind, number>>>;

/** All tokens of the prompt, cached or not: the figure that long-context tiers are decided by. */
export function totalInputTokens(usage: Usage): number {
  return (
    (usage.input ?? 0) +
    (usage.cacheRead ?? 0) +
    (usage.cacheWrite5m ?? 0) +
    (usage.cacheWrite1h ?? 0) +
    (usage.inputAudio ?? 0) +
    (usage.inputImage ?? 0)
  );
}

/** All tokens of the answer, reasoning included. */
export function totalOutputTokens(usage: Usage): number {
  return (usage.output ?? 0) + (usage.reasoning ?? 0) + (usage.outputAudio ?? 0) + (usage.outputImage ?? 0);
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
