import { dirname, isAbsolute, join } from 'node:path';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { isJsonObject, type JsonObject, parseJson } from '../wire/json.ts';
import type { BatchDisk } from './batchDisk.ts';
import { refusals } from './errors.ts';
import { decodeText, maxPromptFileBytes } from './parsePromptFile.ts';
import { type Refusal, refused } from './promptFile.ts';
import { readLines } from './readLines.ts';
import type { RowSource } from './rowSource.ts';

export interface ValueRow {
  readonly kind: 'row';
  /** From 1, without the header. */
  readonly number: number;
  readonly values: JsonObject;
}

/** The rows of values of a prompt, one after the other; a refusal ends them. */
export async function* readValueRows(
  source: RowSource,
  promptPath: string,
  disk: BatchDisk,
): AsyncGenerator<ValueRow | Refusal> {
  if (source.kind === 'list') {
    yield* numbered(source.rows);
    return;
  }
  const path = isAbsolute(source.path) ? source.path : join(dirname(promptPath), source.path);
  const facts = await disk.facts(path);
  if (facts?.kind !== 'file') yield refused(refusals.rowFileGone(source.path));
  else if (/\.jsonl$/i.test(path)) yield* jsonLines(path, disk);
  else if (/\.json$/i.test(path)) yield* jsonList(path, facts.bytes, disk);
  else yield* csvRows(path, source.path, disk);
}

function* numbered(rows: readonly JsonObject[]): Generator<ValueRow> {
  for (const [index, values] of rows.entries()) yield { kind: 'row', number: index + 1, values };
}

async function* jsonLines(path: string, disk: BatchDisk): AsyncGenerator<ValueRow | Refusal> {
  let number = 0;
  for await (const { line, number: place } of readLines(disk.stream(path), { fatal: true })) {
    const values = parseJson(line);
    number += 1;
    yield isJsonObject(values) ? { kind: 'row', number, values } : refused(refusals.row(place, refusals.rowNotJson()));
  }
}

async function* jsonList(path: string, bytes: number, disk: BatchDisk): AsyncGenerator<ValueRow | Refusal> {
  if (bytes > maxPromptFileBytes) {
    yield refused(refusals.rowFileTooLarge(bytes, maxPromptFileBytes));
    return;
  }
  const list = parseJson(decodeText(await disk.read(path)) ?? '');
  if (Array.isArray(list) && list.every(isJsonObject)) yield* numbered(list);
  else yield refused(refusals.rowFileNotAList());
}

async function* csvRows(path: string, shown: string, disk: BatchDisk): AsyncGenerator<ValueRow | Refusal> {
  const parser = Readable.from(disk.stream(path)).pipe(
    parse({ columns: true, bom: true, skip_empty_lines: true, delimiter: /\.tsv$/i.test(path) ? '\t' : [',', ';'] }),
  );
  let number = 0;
  try {
    for await (const record of parser) {
      number += 1;
      const values: unknown = record;
      if (isJsonObject(values)) yield { kind: 'row', number, values };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield refused(refusals.csv(shown, error.message));
  }
}
