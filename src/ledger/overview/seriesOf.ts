import { type Bucket, bucketMs, type SpentCell } from '../rollup/readRollup.ts';
import type { SpendLayer, SpendSeries } from './overview.ts';

/** Layers that colours can still tell apart. */
export const mostLayers = 7;

/** The parts as layers over every bucket of the time: the dearest each for itself, the others as one. */
export function seriesOf(cells: readonly SpentCell[], fromMs: number, toMs: number, bucket: Bucket): SpendSeries {
  const size = bucketMs[bucket];
  const first = Math.floor(fromMs / size);
  const count = Math.max(0, Math.ceil(toMs / size) - first);
  const byKey = new Map<string | undefined, bigint[]>();
  for (const { startMs, key, costPicoUsd } of cells) {
    const costs = byKey.get(key) ?? Array.from({ length: count }, () => 0n);
    const index = Math.floor(startMs / size) - first;
    costs[index] = (costs[index] ?? 0n) + costPicoUsd;
    byKey.set(key, costs);
  }
  const sorted = [...byKey]
    .map(([key, costs]) => ({ key, costs, sum: costs.reduce((sum, cost) => sum + cost, 0n) }))
    .filter(({ sum }) => sum > 0n)
    .sort((a, b) => (a.sum === b.sum ? (a.key ?? '').localeCompare(b.key ?? '') : a.sum > b.sum ? -1 : 1));
  const shown = sorted.length > mostLayers ? mostLayers - 1 : mostLayers;
  const rest = sorted.slice(shown);
  const layers: SpendLayer[] = sorted
    .slice(0, shown)
    .map(({ key, costs }) => ({ key, costPicoUsd: costs.map(String) }));
  if (rest.length > 0)
    layers.push({
      key: undefined,
      others: rest.length,
      costPicoUsd: Array.from({ length: count }, (_, index) =>
        String(rest.reduce((sum, { costs }) => sum + (costs[index] ?? 0n), 0n)),
      ),
    });
  return { bucketMs: size, startsMs: Array.from({ length: count }, (_, index) => (first + index) * size), layers };
}
