// The text of media/prices.json, made from @pydantic/genai-prices and scripts/prices/supplement.json.
import { baseRows } from './prices/baseRows.ts';
import type { SnapshotRow } from './prices/snapshotRow.ts';
import { type Addition, readSupplement, type Supplement } from './prices/supplement.ts';

function add(row: SnapshotRow, { usd, long, ...rest }: Addition): SnapshotRow {
  return {
    ...row,
    ...rest,
    ...(usd === undefined ? {} : { usd: { ...row.usd, ...usd } }),
    ...(long === undefined || row.long === undefined
      ? {}
      : { long: { ...row.long, ...long, usd: { ...row.long.usd, ...long.usd } } }),
  };
}

function fits(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** The row after every correction that speaks of it; undefined where one drops it. */
function correct(row: SnapshotRow, name: string, { corrections }: Supplement): SnapshotRow | undefined {
  let corrected: SnapshotRow = row;
  for (const { models, drop, set } of corrections) {
    if (!models.some((pattern) => fits(pattern, name))) continue;
    if (drop === true) return undefined;
    const kept = Object.entries({ ...corrected, ...set }).filter(([, value]) => value !== null);
    corrected = { ...Object.fromEntries(kept), id: row.id };
  }
  return corrected;
}

function tokenizerOf(name: string, { tokenizers }: Supplement): { tokenizer?: string } {
  const found = tokenizers.find(([expression]) => new RegExp(expression, 'i').test(name));
  return found === undefined ? {} : { tokenizer: found[1] };
}

function rowsOf(basis: string | undefined, provider: string, supplement: Supplement, used: Set<string>): SnapshotRow[] {
  const added = supplement.supplements.flatMap(({ added: rows }) => rows?.[provider] ?? []);
  const base = basis === undefined ? [] : baseRows(basis, supplement.asOf);
  return [...base, ...added].flatMap((listed) => {
    const name = `${provider}/${listed.id}`;
    let row: SnapshotRow = listed;
    for (const { models } of supplement.supplements) {
      const addition = models[name];
      if (addition === undefined) continue;
      used.add(name);
      row = add(row, addition);
    }
    const corrected = correct(row, name, supplement);
    return corrected === undefined ? [] : [inOrder({ ...tokenizerOf(name, supplement), ...corrected })];
  });
}

const order = [
  'id',
  'match',
  'usd',
  'batch',
  'flex',
  'priority',
  'long',
  'fees',
  'before',
  'later',
  'daily',
  'note',
  'context',
  'maxOutput',
  'tokenizer',
  'deprecated',
  'successor',
];

function inOrder(row: SnapshotRow): SnapshotRow {
  const members = Object.entries(row).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  return { ...Object.fromEntries(members), id: row.id };
}

/** One model per line, so that changes of prices are read in a diff. */
export function priceSnapshot(): string {
  const supplement = readSupplement();
  const used = new Set<string>();
  const based = new Set(Object.values(supplement.providers));
  const more = supplement.supplements
    .flatMap(({ added }) => Object.keys(added ?? {}))
    .filter((name) => !based.has(name));
  const providers: [string | undefined, string][] = [
    ...Object.entries(supplement.providers),
    ...[...new Set(more)].map((name): [undefined, string] => [undefined, name]),
  ];
  const models = providers.map(([basis, provider]) => {
    const rows = rowsOf(basis, provider, supplement, used).map((row) => JSON.stringify(row));
    return `${JSON.stringify(provider)}: [\n${rows.join(',\n')}\n]`;
  });
  const unused = supplement.supplements.flatMap((one) => Object.keys(one.models)).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`the supplement speaks of models that nobody lists: ${unused.join(', ')}`);
  const sources = [supplement.base, ...supplement.supplements.map(({ source }) => source)];
  return `{
"schema": 1,
"asOf": ${JSON.stringify(supplement.asOf)},
"sources": ${JSON.stringify(sources)},
"fallbacks": ${JSON.stringify(supplement.fallbacks)},
"models": {
${models.join(',\n')}
}
}
`;
}
