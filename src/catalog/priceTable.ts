import { PriceDataInvalid } from './errors.ts';
import type { LongContextTier, Price, ServiceTier, UsdPerMTok } from './price.ts';
import { type UsageKind, usageKinds } from './usage.ts';

/** One model of the price data: its figures and the names it goes by. The format is described in `media/PRICES.md`. */
export interface PriceRow {
  readonly provider: string;
  readonly id: string;
  /** Further names: `name`, `name*` (with a variant suffix), `name#` (with a date). */
  readonly patterns: readonly string[];
  readonly price: Price;
  readonly tokenizer: string;
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  readonly deprecated?: string | true;
  readonly deprecatedOn?: string;
  readonly successor?: string;
}

export interface PriceTable {
  readonly asOf: string;
  readonly rows: readonly PriceRow[];
}

type Fields = Readonly<Record<string, unknown>>;

/** The finest price that costs are exact in: one picodollar per token. */
const smallestUsdPerMTok = 1e-6;
const pricedTiers = ['batch', 'flex', 'priority'] as const satisfies readonly ServiceTier[];

function fields(value: unknown, at: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new PriceDataInvalid(at, 'an object');
  return Object.fromEntries(Object.entries(value));
}

function list(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new PriceDataInvalid(at, 'a list');
  return value;
}

function text(value: unknown, at: string): string {
  if (typeof value !== 'string' || value === '') throw new PriceDataInvalid(at, 'a text');
  return value;
}

function count(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0)
    throw new PriceDataInvalid(at, 'a whole number of tokens');
  return value;
}

function isoDate(value: unknown, at: string): string {
  const date = text(value, at);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new PriceDataInvalid(at, 'a date like 2026-09-22');
  return date;
}

function isUsageKind(name: string): name is UsageKind {
  return usageKinds.some((kind) => kind === name);
}

/** Reads figures in USD per million tokens; a figure is 0 or at least a millionth of a dollar. */
export function parseUsdPerMTok(value: unknown, at: string): UsdPerMTok {
  const figures: Partial<Record<UsageKind, number>> = {};
  for (const [kind, usd] of Object.entries(fields(value, at))) {
    if (!isUsageKind(kind)) throw new PriceDataInvalid(`${at}.${kind}`, `one of ${usageKinds.join(', ')}`);
    if (typeof usd !== 'number' || !Number.isFinite(usd) || (usd !== 0 && usd < smallestUsdPerMTok) || usd > 1e6)
      throw new PriceDataInvalid(`${at}.${kind}`, 'USD per million tokens');
    figures[kind] = usd;
  }
  if (Object.keys(figures).length === 0) throw new PriceDataInvalid(at, 'at least one figure');
  return figures;
}

/** A tier is given as figures, or as the share of every standard figure it bills. */
function parseTier(value: unknown, standard: UsdPerMTok, at: string): UsdPerMTok {
  if (typeof value !== 'number') return parseUsdPerMTok(value, at);
  if (!(value > 0 && value < 10)) throw new PriceDataInvalid(at, 'a share of the standard price');
  const share = Object.entries(standard).map(([kind, usd]) => [kind, Number((usd * value).toPrecision(12))]);
  return parseUsdPerMTok(Object.fromEntries(share), at);
}

function parseLongContext(value: unknown, at: string): LongContextTier {
  const row = fields(value, at);
  return {
    aboveInputTokens: count(row.above, `${at}.above`),
    inclusive: row.inclusive === true,
    usdPerMTok: parseUsdPerMTok(row.usd, `${at}.usd`),
  };
}

function parseDeprecation(
  { deprecated, successor }: Fields,
  at: string,
): Pick<PriceRow, 'deprecated' | 'deprecatedOn' | 'successor'> {
  if (deprecated === undefined) return {};
  const named = successor === undefined ? {} : { successor: text(successor, `${at}.successor`) };
  if (deprecated === true) return { deprecated, ...named };
  const deprecatedOn = isoDate(deprecated, `${at}.deprecated`);
  return { deprecated: deprecatedOn, deprecatedOn, ...named };
}

function parseRow(value: unknown, provider: string, table: { asOf: string; source: string }, at: string): PriceRow {
  const row = fields(value, at);
  const id = text(row.id, `${at}.id`);
  const usdPerMTok = parseUsdPerMTok(row.usd, `${at}.usd`);
  const tiers = pricedTiers
    .filter((tier) => row[tier] !== undefined)
    .map((tier) => [tier, parseTier(row[tier], usdPerMTok, `${at}.${tier}`)] as const);
  return {
    provider,
    id,
    patterns: list(row.match ?? [], `${at}.match`).map((pattern, n) => text(pattern, `${at}.match[${n}]`)),
    price: {
      id: `${provider}/${id}@${table.asOf}`,
      usdPerMTok,
      ...(row.long === undefined ? {} : { longContext: parseLongContext(row.long, `${at}.long`) }),
      ...(tiers.length === 0 ? {} : { tiers: Object.fromEntries(tiers) }),
      asOf: table.asOf,
      source: table.source,
      ...(row.note === undefined ? {} : { estimatedBecause: text(row.note, `${at}.note`) }),
    },
    tokenizer: row.tokenizer === undefined ? 'unknown' : text(row.tokenizer, `${at}.tokenizer`),
    ...(row.context === undefined ? {} : { contextTokens: count(row.context, `${at}.context`) }),
    ...(row.maxOutput === undefined ? {} : { maxOutputTokens: count(row.maxOutput, `${at}.maxOutput`) }),
    ...parseDeprecation(row, at),
  };
}

/**
 * Reads `media/prices.json`.
 * @throws PriceDataInvalid naming the first value that is wrong
 */
export function parsePriceTable(data: unknown): PriceTable {
  const table = fields(data, 'prices');
  if (table.schema !== 1) throw new PriceDataInvalid('prices.schema', '1');
  const asOf = isoDate(table.asOf, 'prices.asOf');
  const source = list(table.sources, 'prices.sources')
    .map((entry, n) => text(fields(entry, `prices.sources[${n}]`).name, `prices.sources[${n}].name`))
    .join(', ');
  const rows = Object.entries(fields(table.models, 'prices.models')).flatMap(([provider, models]) =>
    list(models, `prices.models.${provider}`).map((row, n) =>
      parseRow(row, provider, { asOf, source }, `prices.models.${provider}[${n}]`),
    ),
  );
  return { asOf, rows };
}
