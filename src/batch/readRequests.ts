import { basename, isAbsolute } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import { type BatchDisk, diskErrorCode } from './batchDisk.ts';
import { refusals } from './errors.ts';
import { maxPromptFileBytes, parsePromptFile, promptFormatOf } from './parsePromptFile.ts';
import { type PreparedRequest, preparePrompt, prepareRow } from './preparedRequest.ts';
import { type PromptFormat, type Refusal, refused } from './promptFile.ts';
import { LineTooLong, readLines } from './readLines.ts';
import { parseRequestRow } from './requestRow.ts';
import { type BatchTarget, resolveTarget } from './resolveTarget.ts';

export interface ReadContext {
  readonly disk: BatchDisk;
  readonly config: Config;
  readonly catalog: Catalog;
  readonly defaultModel: string | undefined;
  /** Largest request line, in bytes. */
  readonly maxLineBytes: number;
}

/** How many wrong lines of a set are named; the rest is counted. */
const namedLines = 3;

/**
 * The requests of one prompt file or request set. A set with a wrong line is refused whole, before any of its requests
 * comes out: its lines are read twice.
 */
export async function* readRequests(path: string, context: ReadContext): AsyncGenerator<PreparedRequest | Refusal> {
  try {
    const checked = await checkFile(path, context.disk);
    if (checked.kind === 'refused') yield checked;
    else if (checked.format === 'rows') yield* readRows(path, context);
    else yield await readPrompt(path, checked.format, context);
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
  if (format.format !== 'rows' && facts.bytes > maxPromptFileBytes)
    return refused(refusals.tooLarge(facts.bytes, maxPromptFileBytes));
  return format;
}

async function readPrompt(
  path: string,
  format: Exclude<PromptFormat, 'rows'>,
  context: ReadContext,
): Promise<PreparedRequest | Refusal> {
  const parsed = parsePromptFile(await context.disk.read(path), format);
  if (parsed.kind === 'refused') return parsed;
  const named = parsed.request.model ?? context.defaultModel;
  if (named === undefined) return refused(refusals.noModel());
  const target = resolveTarget(named, context.config, context.catalog);
  if (target.kind === 'refused') return target;
  return preparePrompt(path, basename(path).replace(/\.[^.]*$/, ''), named, parsed.request, target);
}

async function* readRows(path: string, context: ReadContext): AsyncGenerator<PreparedRequest | Refusal> {
  const resolve = targetCache(context);
  const wrong = await findWrongRow(path, context, resolve);
  if (wrong !== undefined) {
    yield wrong;
    return;
  }
  for await (const { line, number } of linesOf(path, context)) {
    const prepared = prepareLine(path, line, number, context, resolve);
    // The file changed between the two readings.
    yield prepared.kind === 'refused' ? refused(refusals.row(number, prepared.reason)) : prepared.request;
  }
}

async function findWrongRow(path: string, context: ReadContext, resolve: Resolve): Promise<Refusal | undefined> {
  const firstLines = new Map<string, number>();
  const problems: string[] = [];
  let more = 0;
  const tell = (number: number, reason: string): void => {
    if (problems.length < namedLines) problems.push(refusals.row(number, reason));
    else more += 1;
  };
  for await (const { line, number } of linesOf(path, context)) {
    const prepared = prepareLine(path, line, number, context, resolve);
    if (prepared.kind === 'refused') {
      tell(number, prepared.reason);
      continue;
    }
    const { wishedId } = prepared.request;
    const first = firstLines.get(wishedId);
    if (first === undefined) firstLines.set(wishedId, number);
    else tell(number, refusals.rowRepeatedId(wishedId, first));
  }
  if (problems.length > 0) return refused(refusals.rows(problems, more));
  return firstLines.size === 0 ? refused(refusals.empty()) : undefined;
}

function linesOf(path: string, { disk, maxLineBytes }: ReadContext): ReturnType<typeof readLines> {
  return readLines(disk.stream(path), { fatal: true, maxBytes: maxLineBytes });
}

type Resolve = (model: string) => BatchTarget | Refusal;

function prepareLine(
  path: string,
  line: string,
  number: number,
  { defaultModel }: ReadContext,
  resolve: Resolve,
): { readonly kind: 'request'; readonly request: PreparedRequest } | Refusal {
  const row = parseRequestRow(line);
  if (row.kind === 'refused') return row;
  const named = row.model ?? defaultModel;
  if (named === undefined) return refused(refusals.noModel());
  const target = resolve(named);
  if (target.kind === 'refused') return target;
  const request = prepareRow(path, number, named, row, target);
  return 'kind' in request ? request : { kind: 'request', request };
}

/** A set names few models in many lines. */
function targetCache({ config, catalog }: ReadContext): Resolve {
  const known = new Map<string, BatchTarget | Refusal>();
  return (model) => {
    const target = known.get(model) ?? resolveTarget(model, config, catalog);
    known.set(model, target);
    return target;
  };
}
