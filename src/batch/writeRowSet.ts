import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { isJsonObject, type JsonObject, parseJson } from '../wire/json.ts';
import { spoolPathsOf } from './downloadResults.ts';
import { type ItemRecord, type JobRecord, present } from './jobRecord.ts';
import type { StepContext } from './jobStep.ts';
import { type PlacedResult, placeResult } from './placeResult.ts';
import { readLines } from './readLines.ts';
import { exactUsd } from './resultFile.ts';

/** Where a line of the fetched files stands. */
interface Slice {
  readonly spool: string;
  readonly offset: number;
  readonly bytes: number;
}

interface Row {
  readonly job: JobRecord;
  readonly item: ItemRecord;
  readonly slice: Slice | undefined;
  /** The line is one of ours already, of an earlier job. */
  readonly isCarried: boolean;
}

const bufferedCharacters = 500_000;

/**
 * Writes the results of a request set, in the order of its requests: the provider's lines under the set's own
 * `custom_id`s, with what Tollgate knows in a field of its own. A set may be spread over several jobs of a plan; lines
 * of jobs that have not ended are not in it yet.
 */
export async function writeRowSet(
  job: JobRecord,
  promptPath: string,
  resultPath: string,
  context: StepContext,
): Promise<PlacedResult> {
  const rows: Row[] = [];
  for (const sibling of context.jobs.jobsOfPlan(job.planId)) rows.push(...(await rowsOf(sibling, promptPath, context)));
  rows.sort((a, b) => (a.item.sourceLine ?? 0) - (b.item.sourceLine ?? 0));
  // Written in the data folder first: the folder of the set may be gone.
  const draft = join(context.dataFolder, `${job.id}.${basename(resultPath)}.draft`);
  const sha256 = await writeDraft(draft, rows, context);
  try {
    return await placeResult(context, job, { promptPath, resultPath }, 'rows', {
      sha256,
      publish: (path) => publish(draft, path, job.id, context),
    });
  } finally {
    await context.disk.remove(draft);
  }
}

async function publish(draft: string, path: string, jobId: string, { disk }: StepContext): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${jobId}.tmp`);
  await disk.copy(draft, temporary);
  await disk.rename(temporary, path);
}

async function rowsOf(job: JobRecord, promptPath: string, { jobs, disk, dataFolder }: StepContext): Promise<Row[]> {
  const items = jobs.items(job.id).filter((item) => item.promptPath === promptPath && item.resultKind === 'rows');
  const isOpen = items.some(({ state }) => state === 'pending');
  if (items.length === 0 || isOpen) return [];
  const slices = new Map<string, Slice>();
  const spools = spoolPathsOf(dataFolder, job.id);
  for (const spool of [spools.output, spools.error]) {
    if ((await disk.facts(spool)) === undefined) continue;
    let offset = 0;
    for await (const { line } of readLines(disk.stream(spool))) {
      const bytes = Buffer.byteLength(line);
      const id = parseObject(line)?.custom_id;
      if (typeof id === 'string' && !slices.has(id)) slices.set(id, { spool, offset, bytes });
      offset += bytes + 1;
    }
  }
  const carried = await carriedSlices(items, disk);
  return items.map((item) => ({
    job,
    item,
    slice: carried.get(item.id) ?? slices.get(item.copyOf ?? item.id),
    isCarried: item.copyOf?.startsWith('@') === true,
  }));
}

/** Lines of the earlier results that stay in the new ones. */
async function carriedSlices(items: readonly ItemRecord[], disk: StepContext['disk']): Promise<Map<string, Slice>> {
  const wanted = new Map<string, Map<string, string>>();
  for (const { id, copyOf, sourceId, resultPath } of items)
    if (copyOf?.startsWith('@') === true && sourceId !== undefined)
      wanted.set(resultPath, (wanted.get(resultPath) ?? new Map<string, string>()).set(sourceId, id));
  const slices = new Map<string, Slice>();
  for (const [spool, ids] of wanted) {
    if ((await disk.facts(spool)) === undefined) continue;
    let offset = 0;
    for await (const { line } of readLines(disk.stream(spool))) {
      const bytes = Buffer.byteLength(line);
      const id = ids.get(String(parseObject(line)?.custom_id));
      if (id !== undefined) slices.set(id, { spool, offset, bytes });
      offset += bytes + 1;
    }
  }
  return slices;
}

/** Yields the hash of what was written. */
async function writeDraft(path: string, rows: readonly Row[], { disk, jobs }: StepContext): Promise<string> {
  const hash = createHash('sha256');
  const writer = await disk.create(path);
  const read = sliceReader(disk);
  let isWhole = false;
  try {
    let buffer = '';
    for (const row of rows) {
      const variables = jobs.variables(row.job.id, row.item.id);
      buffer += `${JSON.stringify(await resultRow(row, variables, read.at))}\n`;
      if (buffer.length < bufferedCharacters && row !== rows.at(-1)) continue;
      hash.update(buffer);
      await writer.write(buffer);
      buffer = '';
    }
    isWhole = true;
  } finally {
    await read.close();
    await writer.close(isWhole);
  }
  return hash.digest('hex');
}

async function resultRow(
  { job, item, slice, isCarried }: Row,
  variables: JsonObject | undefined,
  textAt: (slice: Slice) => Promise<string>,
): Promise<JsonObject> {
  const line = slice === undefined ? undefined : parseObject(await textAt(slice));
  if (isCarried && line !== undefined) return line;
  const error = item.error === undefined ? null : { code: item.state, message: item.error };
  return {
    ...(line ?? { id: null, response: null, error }),
    custom_id: item.sourceId ?? item.id,
    tollgate: {
      job: job.id,
      model: `${job.provider}/${job.model}`,
      state: item.state,
      ...present('variables', variables),
      ...present('copyOf', item.copyOf),
      ...present('usage', item.usage === undefined ? undefined : { ...item.usage }),
      ...present('costStatus', item.costStatus),
      ...present('costUsd', item.costPicoUsd === undefined ? undefined : exactUsd(item.costPicoUsd)),
      ...(job.demo ? { demo: true } : {}),
    },
  };
}

/** Lines mostly stand in the order in which they are asked for: then one reading brings hundreds of them. */
const readAheadBytes = 262_144;

interface OpenSpool {
  readonly file: Awaited<ReturnType<StepContext['disk']['open']>>;
  /** What was read last, and from where. */
  from: number;
  content: Uint8Array;
  /** Where the line after the last one begins. */
  next: number;
}

function sliceReader(disk: StepContext['disk']): {
  readonly at: (slice: Slice) => Promise<string>;
  readonly close: () => Promise<void>;
} {
  const open = new Map<string, OpenSpool>();
  const opened = async (path: string): Promise<OpenSpool> => {
    const spool = open.get(path) ?? { file: await disk.open(path), from: 0, content: new Uint8Array(), next: 0 };
    open.set(path, spool);
    return spool;
  };
  return {
    at: async ({ spool: path, offset, bytes }) => {
      const spool = await opened(path);
      const isThere = offset >= spool.from && offset + bytes <= spool.from + spool.content.length;
      if (!isThere) {
        const wanted = offset === spool.next ? Math.max(bytes, readAheadBytes) : bytes;
        spool.content = await spool.file.read(offset, wanted);
        spool.from = offset;
      }
      spool.next = offset + bytes + 1;
      const at = offset - spool.from;
      return Buffer.from(spool.content.subarray(at, at + bytes)).toString('utf8');
    },
    close: async () => {
      for (const { file } of open.values()) await file.close();
    },
  };
}

function parseObject(text: string): JsonObject | undefined {
  const value = parseJson(text);
  return isJsonObject(value) ? value : undefined;
}
