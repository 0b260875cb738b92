import { parse } from 'csv-parse/sync';
import { picoUsdPerUsd } from '../../catalog/money.ts';
import { anthropicTier } from './anthropicReport.ts';
import { dayOfSeconds, isDay } from './days.ts';
import { notCsv, unknownColumns, unreadableCell } from './errors.ts';
import { costOfOpenAi, type OpenAiUsageResult, usageOfOpenAi } from './openaiReport.ts';
import { emptyReport, joinReports, type ProviderReport, wholeDay } from './providerReport.ts';
import { picoUsdOfDecimal } from './usdAmount.ts';

interface Line {
  readonly number: number;
  readonly cells: Readonly<Record<string, string>>;
}

interface FileKind {
  /** All of these columns make the file one of this kind. */
  readonly columns: readonly string[];
  read(line: Line): ProviderReport;
}

/** The files that the providers' consoles export, told apart by their columns; the first that fits counts. */
const fileKinds: readonly FileKind[] = [
  { columns: ['num_model_requests', 'input_tokens', 'output_tokens', 'model'], read: openAiUsageLine },
  { columns: ['amount_value', 'amount_currency'], read: openAiCostLine },
  { columns: ['model_version', 'usage_input_tokens_no_cache', 'usage_output_tokens'], read: anthropicUsageLine },
  { columns: ['usage_date_utc', 'token_type', 'cost_usd'], read: anthropicCostLine },
];

/** Reads one exported CSV file. Throws `ReportUnavailable` naming the line, or the columns where the file is of no known kind. */
export function readReportCsv(text: string): ProviderReport {
  const rows = rowsOf(text);
  const [first] = rows;
  if (first === undefined) return emptyReport;
  const kind = fileKinds.find(({ columns }) => columns.every((column) => column in first));
  if (kind === undefined) throw unknownColumns(Object.keys(first));
  return joinReports(rows.map((cells, index) => kind.read({ number: index + 2, cells })));
}

function rowsOf(text: string): Record<string, string>[] {
  const records: Record<string, string>[] = [];
  try {
    parse(text, {
      bom: true,
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (record: Record<string, string>) => {
        records.push(record);
        return null;
      },
    });
  } catch (cause) {
    throw notCsv(cause);
  }
  return records;
}

function openAiUsageLine(line: Line): ProviderReport {
  const { cells } = line;
  const result: OpenAiUsageResult = {
    model: cells.model,
    input_tokens: countIn(line, 'input_tokens'),
    output_tokens: countIn(line, 'output_tokens'),
    input_cached_tokens: countIn(line, 'input_cached_tokens'),
    input_cache_write_tokens: countIn(line, 'input_cache_write_tokens'),
    input_audio_tokens: countIn(line, 'input_audio_tokens'),
    output_audio_tokens: countIn(line, 'output_audio_tokens'),
    num_model_requests: countIn(line, 'num_model_requests'),
    batch: cells.batch?.toLowerCase() === 'true',
    service_tier: cells.service_tier || undefined,
    api_key_id: cells.api_key_id,
  };
  const usage = usageOfOpenAi(openAiDay(line), result);
  return usage === undefined ? emptyReport : { usage: [usage], costs: [] };
}

function openAiCostLine(line: Line): ProviderReport {
  const { cells } = line;
  // Days without costs have a line without an amount.
  if (!cells.amount_value) return emptyReport;
  const cost = costOfOpenAi(openAiDay(line), cells.line_item || wholeDay, cells.amount_value, cells.api_key_id);
  if (cost === undefined) throw unreadableCell(line.number, 'amount_value');
  return { usage: [], costs: [cost] };
}

function openAiDay(line: Line): string {
  const { start_time_iso: iso, start_time: seconds, date } = line.cells;
  const day = (iso ?? date ?? '').slice(0, 10);
  if (isDay(day)) return day;
  const parsed = Number.parseInt(seconds ?? '', 10);
  if (!Number.isFinite(parsed)) throw unreadableCell(line.number, 'start_time');
  return dayOfSeconds(parsed);
}

function anthropicUsageLine(line: Line): ProviderReport {
  const { cells } = line;
  if (!cells.model_version) return emptyReport;
  const usage = {
    day: anthropicDay(line),
    model: cells.model_version,
    ...anthropicTier(cells.service_tier || cells.usage_type),
    ...keyOf(cells),
    usage: {
      input: countIn(line, 'usage_input_tokens_no_cache'),
      cacheRead: countIn(line, 'usage_input_tokens_cache_read'),
      cacheWrite5m: countIn(line, 'usage_input_tokens_cache_write_5m'),
      cacheWrite1h: countIn(line, 'usage_input_tokens_cache_write_1h'),
      output: countIn(line, 'usage_output_tokens'),
    },
  };
  return { usage: [usage], costs: [] };
}

function anthropicCostLine(line: Line): ProviderReport {
  const { cells } = line;
  const picoUsd = picoUsdOfDecimal(cells.cost_usd ?? '', picoUsdPerUsd);
  if (picoUsd === undefined) throw unreadableCell(line.number, 'cost_usd');
  const ofTokens = cells.model && (cells.cost_type ?? 'token').startsWith('token');
  const cost = {
    day: anthropicDay(line),
    item: [cells.model, cells.token_type].filter(Boolean).join(', '),
    picoUsd,
    ...(ofTokens && cells.model ? { model: modelOfDisplayName(cells.model) } : {}),
    ...keyOf(cells),
  };
  return { usage: [], costs: [cost] };
}

/** Key ids are newer than key names in these files; a name is as good where both files have it. */
function keyOf(cells: Readonly<Record<string, string>>): { keyId?: string } {
  const keyId = cells.api_key_id || cells.api_key;
  return keyId ? { keyId } : {};
}

/** `Claude Haiku 4.5` → `claude-haiku-4-5`: the cost file has names, the usage file ids. */
function modelOfDisplayName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s.]+/g, '-');
}

function anthropicDay(line: Line): string {
  const day = (line.cells.usage_date_utc ?? '').slice(0, 10);
  if (!isDay(day)) throw unreadableCell(line.number, 'usage_date_utc');
  return day;
}

/** An empty or absent cell is zero; anything else has to be a count. */
function countIn({ number, cells }: Line, column: string): number {
  const text = cells[column] ?? '';
  if (text === '') return 0;
  const count = Number(text);
  if (!Number.isFinite(count) || count < 0) throw unreadableCell(number, column);
  return count;
}
