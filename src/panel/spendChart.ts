import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { PanelSeries } from './overview.ts';
import { bucketName } from './spendOverTime.ts';
import type { Words } from './words.ts';

export type DrawChart = (node: HTMLElement, series: PanelSeries, names: readonly string[], words: Words) => void;

interface Drawn {
  readonly update: (series: PanelSeries, names: readonly string[], words: Words) => void;
}

const picoUsd = 1e12;
const dayMs = 86_400_000;
const maxHeightPx = 240;

/** Draws into an element and again whenever its width, the figures or the editor's theme change. */
export function createChart(): DrawChart {
  const drawn = new WeakMap<HTMLElement, Drawn>();
  return (node, series, names, words) => {
    const found = drawn.get(node) ?? drawIn(node);
    drawn.set(node, found);
    found.update(series, names, words);
  };
}

function drawIn(node: HTMLElement): Drawn {
  const plotted = document.createElement('div');
  const readout = document.createElement('p');
  readout.className = 'readout';
  readout.setAttribute('aria-live', 'polite');
  node.append(plotted, readout);
  let plot: uPlot | undefined;
  let shown: Parameters<Drawn['update']> | undefined;
  let last = '';

  const redraw = (): void => {
    if (shown === undefined || node.clientWidth === 0) return;
    const [series, names, words] = shown;
    const at = plot?.cursor.idx;
    plot?.destroy();
    const tell = (index: number | null | undefined): void => {
      readout.textContent =
        index === null || index === undefined ? words.say('chartHint') : readoutOf(series, names, index, words);
    };
    plot = new uPlot(optionsOf(node, series, words, tell), stacked(series), plotted);
    tell(at);
  };
  const move = (event: KeyboardEvent): void => {
    if (plot === undefined || shown === undefined) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const [{ startsMs }] = shown;
    const index = Math.min(
      startsMs.length - 1,
      Math.max(0, (plot.cursor.idx ?? (step > 0 ? -1 : startsMs.length)) + step),
    );
    plot.setCursor({ left: plot.valToPos((startsMs[index] ?? 0) / 1000, 'x'), top: 0 });
  };
  node.addEventListener('keydown', move);
  new ResizeObserver(redraw).observe(node);
  new MutationObserver(redraw).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);

  return {
    update: (...next) => {
      shown = next;
      const text = JSON.stringify(next.slice(0, 2));
      if (text !== last) redraw();
      last = text;
    },
  };
}

/** Each layer with all below it, the highest first: those below are drawn over it. No bar where nothing was spent. */
function stacked({ startsMs, layers }: PanelSeries): uPlot.AlignedData {
  const sums = startsMs.map(() => 0);
  const curves = layers.map(({ costPicoUsd }) =>
    costPicoUsd.map((cost, index) => {
      sums[index] = (sums[index] ?? 0) + Number(cost) / picoUsd;
      return sums[index] === 0 ? null : (sums[index] ?? null);
    }),
  );
  return [startsMs.map((ms) => ms / 1000), ...curves.toReversed()];
}

function optionsOf(
  node: HTMLElement,
  { bucketMs, layers }: PanelSeries,
  words: Words,
  tell: (index: number | null | undefined) => void,
): uPlot.Options {
  const style = getComputedStyle(node);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const [text, line] = [colour('--chart-text'), colour('--chart-line')];
  const bars = uPlot.paths.bars?.({ size: [0.8, 60] });
  const axis = {
    stroke: text,
    font: `${style.fontSize} ${style.fontFamily}`,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  };
  return {
    width: node.clientWidth,
    height: Math.min(maxHeightPx, Math.max(140, node.clientWidth / 2)),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    ...(bucketMs === dayMs ? { tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') } : {}),
    // Room for half a bar at both ends.
    scales: {
      x: { range: (_, from, to) => [from - bucketMs / 2000, to + bucketMs / 2000] },
      y: { range: (_, __, most) => [0, most > 0 ? most * 1.05 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        values: (_, splits) => splits.map((seconds) => bucketName(seconds * 1000, bucketMs, words)),
        space: 60,
        size: 30,
      },
      { ...axis, size: 64, values: (_, splits) => splits.map((usd) => words.money(BigInt(Math.round(usd * picoUsd)))) },
    ],
    series: [
      {},
      ...layers
        .map((_, index) => ({
          fill: colour(`--chart-layer${index}`),
          stroke: colour('--chart-edge') || colour(`--chart-layer${index}`),
          width: 1,
          points: { show: false },
          ...(bars === undefined ? {} : { paths: bars }),
        }))
        .toReversed(),
    ],
    hooks: { setCursor: [(plot) => tell(plot.cursor.idx)] },
  };
}

function readoutOf(
  { startsMs, bucketMs, layers }: PanelSeries,
  names: readonly string[],
  index: number,
  words: Words,
): string {
  const parts = layers.flatMap(({ costPicoUsd }, layer) => {
    const cost = costPicoUsd[index] ?? '0';
    return cost === '0' ? [] : [`${names[layer] ?? ''} ${words.money(cost)}`];
  });
  const sum = layers.reduce((all, { costPicoUsd }) => all + BigInt(costPicoUsd[index] ?? '0'), 0n);
  const when = bucketName(startsMs[index] ?? 0, bucketMs, words);
  return parts.length === 0 ? `${when}: ${words.money(0n)}` : `${when}: ${words.money(sum)} (${parts.join(', ')})`;
}
