import type { ModelPrice } from '@pydantic/genai-prices';
import type { Figures } from './snapshotRow.ts';

const tokenKinds: Readonly<Record<string, string>> = {
  input_mtok: 'input',
  cache_read_mtok: 'cacheRead',
  cache_write_mtok: 'cacheWrite5m',
  cache_write_1h_mtok: 'cacheWrite1h',
  output_mtok: 'output',
  output_reasoning_mtok: 'reasoning',
  input_audio_mtok: 'inputAudio',
  output_audio_mtok: 'outputAudio',
  input_image_mtok: 'inputImage',
  output_image_mtok: 'outputImage',
};

/** Fees by name, with how many uses the source's figure is for. */
const useKinds: Readonly<Record<string, readonly [kind: string, uses: number]>> = {
  requests_kcount: ['request', 1000],
  web_searches_kcount: ['webSearch', 1000],
  storage_searches_kcount: ['fileSearch', 1000],
  input_document_kpages: ['page', 1000],
  audio_hours: ['audioHour', 1],
};

/** Kinds that no provider's reply tells apart, or that are another name of one that is read. */
const ignored = new Set([
  'cache_audio_read_mtok',
  'cache_image_read_mtok',
  'input_audio_hours',
  'input_annotated_document_kpages',
  'input_text_messages_kcount',
]);

/** Kinds that are billed and not held: what is made with such a price is an estimate. */
const remarks: Readonly<Record<string, string>> = {
  input_video_mtok: 'video tokens have a price of their own',
  output_video_mtok: 'video tokens have a price of their own',
  output_citation_mtok: 'citation tokens have a price of their own',
};

/** OpenAI's pages say "more than 272K"; the source has 271,999 for some models and 272,000 for others. */
function edgeOf(start: number): number {
  const thousand = Math.round(start / 1000) * 1000;
  if (Math.abs(start - thousand) > 1) throw new Error(`an edge at ${start} must be looked at`);
  return thousand;
}

function plain(usd: number): number {
  return Number(usd.toPrecision(12));
}

/** One price of the source as figures of the snapshot. @throws for a unit that is not known here */
export function figuresOf(price: ModelPrice, inclusive: boolean): Figures {
  const usd: Record<string, number> = {};
  const long: Record<string, number> = {};
  const fees: Record<string, number> = {};
  const edges = new Set<number>();
  const notes = new Set<string>();
  for (const [unit, value] of Object.entries(price)) {
    if (value === undefined || ignored.has(unit)) continue;
    const kind = tokenKinds[unit];
    const [useKind, uses] = useKinds[unit] ?? [];
    if (kind !== undefined && typeof value === 'number') usd[kind] = plain(value);
    else if (kind !== undefined && typeof value !== 'number') {
      const [tier, ...more] = value.tiers;
      if (tier === undefined || more.length > 0) throw new Error(`${unit} has ${value.tiers.length} tiers`);
      usd[kind] = plain(value.base);
      long[kind] = plain(tier.price);
      edges.add(edgeOf(tier.start));
    } else if (useKind !== undefined && uses !== undefined && typeof value === 'number')
      fees[useKind] = plain(value / uses);
    else if (remarks[unit] !== undefined) notes.add(remarks[unit]);
    else throw new Error(`unknown unit ${unit}`);
  }
  const [above, ...others] = edges;
  if (others.length > 0) throw new Error(`edges ${[...edges].join(', ')} of one price`);
  const note = [...notes].join('; ');
  return {
    ...(Object.keys(usd).length === 0 ? {} : { usd }),
    ...(above === undefined ? {} : { long: { above, ...(inclusive ? { inclusive: true } : {}), usd: long } }),
    ...(Object.keys(fees).length === 0 ? {} : { fees }),
    ...(note === '' ? {} : { note }),
  };
}
