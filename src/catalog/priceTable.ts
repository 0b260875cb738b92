import { PriceDataInvalid } from './errors.ts';
import type { LongContextTier, Price, PricePeriod, ServiceTier, TierPrices, UsdPerMTok, UsdPerUse } from './price.ts';
import { type UsageKind, type UseKind, usageKinds, useKinds } from './usage.ts';

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
  /** Whose models a provider resells under their makers' names. */
  readonly fallbacks: ReadonlyMap<string, readonly string[]>;
  readonly rows: readonly PriceRow[];
}

type Fields = Readonly<Record<string, unknown>>;

/** The finest price that costs are exact in: one picodollar per token. */
const smallestUsdPerMTok = 1e-6;
const pricedTiers = ['batch', 'flex', 'priority'] as const satisfies readonly ServiceTier[];

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fields(value: unknown, at: string): Fields {
  if (!isFields(value)) throw new PriceDataInvalid(at, 'an object');
  return value;
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

/** `01:30` as minutes since midnight. */
function minuteOfDay(value: unknown, at: string): number {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text(value, at)) ?? [];
  if (hour === undefined) throw new PriceDataInvalid(at, 'a time of day, UTC, like 01:30');
  return Number(hour) * 60 + Number(minute);
}

const knownUsageKinds: ReadonlySet<string> = new Set(usageKinds);

function isUsageKind(name: string): name is UsageKind {
  return knownUsageKinds.has(name);
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

function parseTiers(row: Fields, standard: UsdPerMTok, at: string): { tiers?: TierPrices } {
  const tiers = pricedTiers
    .filter((tier) => row[tier] !== undefined)
    .map((tier) => [tier, parseTier(row[tier], standard, `${at}.${tier}`)] as const);
  return tiers.length === 0 ? {} : { tiers: Object.fromEntries(tiers) };
}

/** A share that a tier bills of the standard figures is that of the long-context figures too. */
function parseLongContext(value: unknown, row: Fields, at: string): LongContextTier {
  const long = fields(value, at);
  const usdPerMTok = parseUsdPerMTok(long.usd, `${at}.usd`);
  const shares = Object.fromEntries(
    pricedTiers.map((tier) => [tier, typeof row[tier] === 'number' ? row[tier] : undefined]),
  );
  return {
    aboveInputTokens: count(long.above, `${at}.above`),
    inclusive: long.inclusive === true,
    usdPerMTok,
    ...parseTiers({ ...shares, ...long }, usdPerMTok, at),
  };
}

function parseUsdPerUse(value: unknown, at: string): UsdPerUse {
  const fees: Partial<Record<UseKind, number>> = {};
  for (const [name, usd] of Object.entries(fields(value, at))) {
    const kind = useKinds.find((known) => known === name);
    if (kind === undefined) throw new PriceDataInvalid(`${at}.${name}`, `one of ${useKinds.join(', ')}`);
    if (typeof usd !== 'number' || !(usd > 0 && usd < 1000)) throw new PriceDataInvalid(`${at}.${name}`, 'USD per use');
    fees[kind] = usd;
  }
  return fees;
}

/** The figures of one span of time: everything of a price but when it holds and where it is from. */
function parseFigures(row: Fields, at: string): Pick<Price, 'usdPerMTok' | 'longContext' | 'tiers' | 'usdPerUse'> {
  // what is not sold by the token has fees alone
  const usdPerMTok = row.usd === undefined && row.fees !== undefined ? {} : parseUsdPerMTok(row.usd, `${at}.usd`);
  return {
    usdPerMTok,
    ...(row.long === undefined ? {} : { longContext: parseLongContext(row.long, row, `${at}.long`) }),
    ...parseTiers(row, usdPerMTok, at),
    ...(row.fees === undefined ? {} : { usdPerUse: parseUsdPerUse(row.fees, `${at}.fees`) }),
  };
}

function parsePrice(row: Fields, name: string, { asOf, source }: { asOf: string; source: string }, at: string): Price {
  const origin = { asOf, source };
  const note = row.note === undefined ? {} : { estimatedBecause: text(row.note, `${at}.note`) };
  const now: Price = { id: `${name}@${asOf}`, ...parseFigures(row, at), ...origin, ...note };
  const periods = parsePeriods(row, name, now, at);
  const changesOn = list(row.later ?? [], `${at}.later`).map((later, n) =>
    isoDate(fields(later, at).from, `${at}.later[${n}].from`),
  );
  const hourly = row.daily === undefined ? {} : { estimatedBecause: 'the price depends on the hour of the day' };
  return {
    ...now,
    ...hourly,
    ...(periods.length === 0 ? {} : { periods }),
    ...(changesOn.length === 0 ? {} : { changesOn: changesOn.sort() }),
  };
}

/** Earlier prices, then announced ones from the last to the first, then hours of the day, else the price at hand. */
function parsePeriods(row: Fields, name: string, now: Price, at: string): PricePeriod[] {
  const { asOf, source } = now;
  const priced = (period: Fields, id: string, where: string): Price => ({
    id: `${name}@${id}`,
    ...parseFigures(period, where),
    asOf,
    source,
  });
  const each = (key: string) =>
    list(row[key] ?? [], `${at}.${key}`).map(
      (value, n) => [fields(value, `${at}.${key}[${n}]`), `${at}.${key}[${n}]`] as const,
    );
  const before = each('before').map(([period, where]) => {
    const until = isoDate(period.until, `${where}.until`);
    return { untilMs: Date.parse(until), price: priced(period, `before-${until}`, where) };
  });
  const later = each('later').map(([period, where]) => {
    const from = isoDate(period.from, `${where}.from`);
    return { fromMs: Date.parse(from), price: priced(period, from, where) };
  });
  const daily = each('daily').map(([period, where]) => {
    const [from, to] = [minuteOfDay(period.from, `${where}.from`), minuteOfDay(period.to, `${where}.to`)];
    return { daily: { from, to }, price: priced(period, `${asOf}T${String(period.from)}Z`, where) };
  });
  return [
    ...before.sort((a, b) => a.untilMs - b.untilMs),
    ...later.sort((a, b) => b.fromMs - a.fromMs),
    ...daily,
    // at the other hours the price is known as well, and no estimate
    ...(daily.length === 0 ? [] : [{ price: now }]),
  ];
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
  return {
    provider,
    id,
    patterns: list(row.match ?? [], `${at}.match`).map((pattern, n) => text(pattern, `${at}.match[${n}]`)),
    price: parsePrice(row, `${provider}/${id}`, table, at),
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
  const fallbacks = Object.entries(fields(table.fallbacks ?? {}, 'prices.fallbacks')).map(
    ([provider, makers]) =>
      [
        provider,
        list(makers, `prices.fallbacks.${provider}`).map((maker, n) =>
          text(maker, `prices.fallbacks.${provider}[${n}]`),
        ),
      ] as const,
  );
  return { asOf, fallbacks: new Map(fallbacks), rows };
}
