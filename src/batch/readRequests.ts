import { basename, isAbsolute } from 'node:path';
import { arrayAt, isJsonObject, parseJson } from '../wire/json.ts';
import { type BatchDisk, diskErrorCode } from './batchDisk.ts';
import { refusals } from './errors.ts';
import { decodeText, maxPromptFileBytes, parsePromptTemplate, promptFormatOf } from './parsePromptFile.ts';
import { type PreparedRequest, prepareRow } from './preparedRequest.ts';
import { type PromptFormat, type Refusal, refused, type TemplateFormat } from './promptFile.ts';
import type { ReadContext } from './readContext.ts';
import { LineTooLong, readLines } from './readLines.ts';
import { readPromptfoo } from './readPromptfoo.ts';
import { readPrompts, type TemplateUse } from './readPrompts.ts';
import { parseRequestRow, readRequestRow } from './requestRow.ts';
import { wholeOrNot } from './wholeOrNot.ts';

/**
 * The requests of one prompt file or request set. A set with a wrong line is refused whole, before any of its requests
 * comes out: its lines are read twice.
 */
export async function* readRequests(path: string, context: ReadContext): AsyncGenerator<PreparedRequest | Refusal> {
  try {
    const checked = await checkFile(path, context.disk);
    if (checked.kind === 'refused') yield checked;
    else if (checked.format === 'rows') yield* readRows(path, context);
    else if (checked.format === 'messageSet') yield* readMessageSet(path, context);
    else if (checked.format === 'yaml') yield* readPrompts(path, await readPromptfoo(path, context.disk), context);
    else yield* readPrompts(path, await readTemplate(path, checked.format, context), context);
  } catch (error) {
    const refusal = refusalOf(error, context.maxLineBytes);
    if (refusal === undefined) throw error;
    yield refusal;
  }
}

function refusalOf(error: unknown, maxLineBytes: number): Refusal | undefined {
  if (error instanceof LineTooLong) return refused(refusals.lineTooLarge(maxLineBytes, maxLineBytes));
  const code = diskErrorCode(error);
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return refused(refusals.binary());
  return code === undefined ? undefined : refused(refusals.unreadable(code));
}

async function checkFile(
  path: string,
  disk: BatchDisk,
): Promise<{ readonly kind: 'format'; readonly format: PromptFormat } | Refusal> {
  if (!isAbsolute(path)) return refused(refusals.notAbsolute());
  const facts = await disk.facts(path);
  if (facts === undefined) return refused(refusals.notFound());
  if (facts.kind !== 'file') return refused(refusals.notAFile());
  const format = promptFormatOf(basename(path));
  if (format.kind === 'refused') return format;
  if (facts.bytes === 0) return refused(refusals.empty());
  const most = format.format === 'messageSet' ? maxMessageSetBytes : maxPromptFileBytes;
  if (format.format !== 'rows' && facts.bytes > most) return refused(refusals.tooLarge(facts.bytes, most));
  return format;
}

async function readTemplate(
  path: string,
  format: TemplateFormat,
  { disk, readHeader }: ReadContext,
): Promise<readonly TemplateUse[] | Refusal> {
  const template = parsePromptTemplate(await disk.read(path), format, readHeader);
  return template.kind === 'refused' ? template : [{ template, model: undefined, idPrefix: '' }];
}

/** Read whole: Anthropic's body is one JSON value. */
const maxMessageSetBytes = 64_000_000;

async function* readMessageSet(path: string, context: ReadContext): AsyncGenerator<PreparedRequest | Refusal> {
  const value = parseJson(decodeText(await context.disk.read(path)) ?? '');
  const requests = isJsonObject(value) ? arrayAt(value, 'requests') : [];
  if (requests.length === 0) return yield refused(refusals.notAMessageSet());
  const rows = requests.map((request, index) => ({
    row: isJsonObject(request) ? readRequestRow(request) : refused(refusals.rowNotJson()),
    number: index + 1,
  }));
  yield* wholeOrNot(async function* () {
    for (const { row, number } of rows) yield { number, prepared: prepareOne(path, row, number, context) };
  });
}

async function* readRows(path: string, context: ReadContext): AsyncGenerator<PreparedRequest | Refusal> {
  yield* wholeOrNot(async function* () {
    for await (const { line, number } of linesOf(path, context))
      yield { number, prepared: prepareOne(path, parseRequestRow(line), number, context) };
  });
}

function linesOf(path: string, { disk, maxLineBytes }: ReadContext): ReturnType<typeof readLines> {
  return readLines(disk.stream(path), { fatal: true, maxBytes: maxLineBytes });
}

function prepareOne(
  path: string,
  row: ReturnType<typeof parseRequestRow>,
  number: number,
  { defaultModel, resolve }: ReadContext,
): PreparedRequest | Refusal {
  if (row.kind === 'refused') return row;
  const named = row.model ?? defaultModel;
  if (named === undefined) return refused(refusals.noModel());
  const target = resolve(named);
  if (target.kind === 'refused') return target;
  return prepareRow(path, number, named, row, target);
}
