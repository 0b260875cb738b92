import { join } from 'node:path';
import type { BatchDisk } from '../../batch/batchDisk.ts';
import { readLines } from '../../batch/readLines.ts';
import { parseRequestRow, type RequestRow } from '../../batch/requestRow.ts';
import { totalInputTokens, totalOutputTokens } from '../../catalog/usage.ts';
import { type JsonObject, objectAt } from '../../wire/json.ts';
import { readOpenaiUsage } from '../../wire/openaiUsage.ts';
import { answeredBy, type DemoBatch, demoBatchRecord, isDue } from './demoBatch.ts';
import type { DemoFiles } from './demoFiles.ts';

/** Answers one request as the demo provider's own endpoint would: the reply's body, with its usage. */
export type DemoAnswer = (endpoint: string, body: JsonObject) => Promise<JsonObject>;

export interface DemoBatchesDeps {
  readonly disk: BatchDisk;
  readonly folder: string;
  readonly files: DemoFiles;
  readonly answer: DemoAnswer;
  readonly now: () => number;
  readonly newId: () => string;
  /** A batch whose results could not be written: it is tried again at the next look. */
  readonly onProblem: (batchId: string, error: unknown) => void;
}

export interface NewBatch {
  readonly inputFileId: string;
  readonly endpoint: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The demo provider's batches, on disk; they go on while the service is not running, as a real provider's would. */
export interface DemoBatches {
  create(batch: NewBatch): Promise<DemoBatch>;
  find(id: string): Promise<DemoBatch | undefined>;
  /** Newest first. */
  all(): Promise<readonly DemoBatch[]>;
  cancel(batch: DemoBatch): Promise<DemoBatch>;
  /** Resolves when no result files are being written. */
  settled(): Promise<void>;
}

const idShape = /^batch_demo_[\w-]+$/;

export function createDemoBatches(deps: DemoBatchesDeps): DemoBatches {
  const { disk, folder, files, now } = deps;
  const pathOf = (id: string): string => join(folder, `${id}.json`);
  const working = new Map<string, Promise<void>>();

  const save = async (batch: DemoBatch): Promise<DemoBatch> => {
    await disk.makeFolder(folder);
    await disk.replace(pathOf(batch.id), JSON.stringify(batch));
    return batch;
  };
  const load = async (id: string): Promise<DemoBatch | undefined> => {
    if (!idShape.test(id) || (await disk.facts(pathOf(id))) === undefined) return undefined;
    const parsed = demoBatchRecord.safeParse(JSON.parse(Buffer.from(await disk.read(pathOf(id))).toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  };
  const workOn = (batch: DemoBatch): void => {
    if (!isDue(batch, now()) || working.has(batch.id)) return;
    const work = writeResults(batch, answeredBy(batch, now()), deps)
      .then(async (finished) => {
        await save({ ...batch, finished });
      })
      .catch((error: unknown) => deps.onProblem(batch.id, error))
      .finally(() => working.delete(batch.id));
    working.set(batch.id, work);
  };
  const find = async (id: string): Promise<DemoBatch | undefined> => {
    const batch = await load(id);
    if (batch !== undefined) workOn(batch);
    return batch;
  };

  return {
    create: async ({ inputFileId, endpoint, metadata }) => {
      const { total, errors, model } = await check(files.content(inputFileId), endpoint);
      return save({
        id: `batch_demo_${deps.newId()}`,
        endpoint,
        ...(model === undefined ? {} : { model }),
        inputFileId,
        metadata: { ...metadata },
        createdAtMs: now(),
        total,
        errors,
      });
    },
    find,
    all: async () => {
      const names = (await disk.list(folder)).filter((name) => name.endsWith('.json'));
      const batches = await Promise.all(names.map((name) => find(name.slice(0, -'.json'.length))));
      return batches.filter((batch) => batch !== undefined).sort((a, b) => b.createdAtMs - a.createdAtMs);
    },
    cancel: async (batch) => {
      await working.get(batch.id);
      const cancelled = await save({ ...((await load(batch.id)) ?? batch), cancelledAtMs: now() });
      workOn(cancelled);
      return cancelled;
    },
    settled: async () => {
      await Promise.all(working.values());
    },
  };
}

interface Checked {
  readonly total: number;
  readonly model: string | undefined;
  readonly errors: DemoBatch['errors'];
}

/** As strict as the real thing about what it says it needs: ids of their own, one endpoint, one model. */
async function check(content: AsyncIterable<Uint8Array>, endpoint: string): Promise<Checked> {
  const errors: DemoBatch['errors'] = [];
  const ids = new Set<string>();
  const models = new Set<string>();
  let total = 0;
  for await (const { line, number } of readLines(content)) {
    total += 1;
    const row = parseRequestRow(line);
    if (row.kind === 'refused') errors.push({ code: 'invalid_request', message: row.reason, line: number });
    else errors.push(...rowErrors(row, number, endpoint, ids, models));
  }
  if (total === 0) errors.push({ code: 'empty_file', message: 'The input file is empty.', line: 1 });
  return { total, errors, model: [...models][0] };
}

function rowErrors(
  row: RequestRow,
  line: number,
  endpoint: string,
  ids: Set<string>,
  models: Set<string>,
): DemoBatch['errors'] {
  const errors: DemoBatch['errors'] = [];
  const tell = (code: string, message: string): number => errors.push({ code, message, line });
  if (ids.has(row.customId)) tell('duplicate_custom_id', `The custom_id ${row.customId} is used twice.`);
  if (row.endpoint !== endpoint) tell('invalid_url', `The url must be ${endpoint}.`);
  if (row.model === undefined) tell('missing_required_parameter', 'The body has no model.');
  else models.add(row.model);
  if (models.size > 1) tell('mismatched_model', 'All requests of a batch must be of one model.');
  ids.add(row.customId);
  return errors;
}

async function writeResults(
  batch: DemoBatch,
  answered: number,
  { files, answer, now, newId }: DemoBatchesDeps,
): Promise<NonNullable<DemoBatch['finished']>> {
  let inputTokens = 0;
  let outputTokens = 0;
  const lines = async function* (): AsyncGenerator<string> {
    let done = 0;
    for await (const { line } of readLines(files.content(batch.inputFileId))) {
      if (done >= answered) return;
      const row = parseRequestRow(line);
      if (row.kind === 'refused') continue;
      const body = await answer(row.endpoint, row.body);
      const { usage } = readOpenaiUsage(objectAt(body, 'usage') ?? {});
      inputTokens += totalInputTokens(usage);
      outputTokens += totalOutputTokens(usage);
      done += 1;
      const response = { status_code: 200, request_id: `req_demo_${newId()}`, body };
      yield `${JSON.stringify({ id: `batch_req_demo_${newId()}`, custom_id: row.customId, response, error: null })}\n`;
    }
  };
  const output =
    answered === 0 ? undefined : await files.add(`${batch.id}_output.jsonl`, 'batch_output', buffered(lines()));
  return {
    atMs: now(),
    ...(output === undefined ? {} : { outputFileId: output.id }),
    counts: { total: batch.total, completed: answered, failed: 0 },
    inputTokens,
    outputTokens,
  };
}

const bufferedCharacters = 256_000;

/** Fewer, larger writes. */
async function* buffered(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let buffer = '';
  for await (const line of lines) {
    buffer += line;
    if (buffer.length < bufferedCharacters) continue;
    yield buffer;
    buffer = '';
  }
  if (buffer !== '') yield buffer;
}
