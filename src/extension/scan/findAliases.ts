import { aliasReferences } from '../../advice/aliasReferences.ts';
import { modelMapNames } from '../../config/modelMapNames.ts';
import { speaksOfLlm } from '../../detect/evidence.ts';
import type { Detector, SourceText } from '../../detect/finding.ts';
import { sourceLanguage } from '../../detect/sourceLanguage.ts';
import type { Disk } from '../../scan/disk.ts';
import { excludeGlobs } from '../../scan/excludeGlobs.ts';
import { createLinePositions } from '../../scan/linePositions.ts';
import { notebookCells } from '../../scan/notebookCells.ts';
import { readText } from '../../scan/readText.ts';
import { walkFiles } from '../../scan/walkFiles.ts';
import type { AliasHit, ScanJob } from './scanMessages.ts';

export interface FindAliasesDeps {
  readonly disk: Disk;
  /** Sees the members of the generated map. */
  readonly detector: Detector;
}

/**
 * The places in a folder's files that name one of the aliases, file by file. Only files that hold one of the names are
 * parsed; those that cannot be read have none.
 */
export async function* findAliases(
  deps: FindAliasesDeps,
  job: ScanJob,
  names: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly AliasHit[]> {
  const aliases = Object.keys(job.aliases);
  const written = writtenNames(names, aliases);
  for await (const file of walkFiles(deps.disk, job.folder, { signal, excludes: excludeGlobs(job.exclude) })) {
    if (file.kind !== 'file') continue;
    const text = await textOf(deps.disk, file.path);
    if (text === undefined || !written.some((name) => text.includes(name))) continue;
    const hits: AliasHit[] = [];
    for (const part of partsOf(file.path, text)) hits.push(...(await hitsIn(deps.detector, part, aliases)));
    const wanted = hits.filter(({ alias }) => names.includes(alias));
    if (wanted.length > 0) yield wanted;
  }
}

/** How the names may stand in files: as they are, and as members of the maps. */
function writtenNames(names: readonly string[], aliases: readonly string[]): string[] {
  const members = (['python', 'typescript'] as const).flatMap((language) => {
    const map = modelMapNames(language, aliases);
    return names.flatMap((name) => map.get(name) ?? []);
  });
  return [...new Set([...names, ...members])];
}

async function textOf(disk: Disk, path: string): Promise<string | undefined> {
  const bytes = await disk.read(path).catch(unreadable);
  if (bytes === undefined) return undefined;
  const read = readText(bytes);
  return read.kind === 'text' ? read.text : undefined;
}

/** Deleted meanwhile, or not ours to read: a file that nobody can open names nothing. */
function unreadable(error: unknown): undefined {
  if (error instanceof Error && 'code' in error) return undefined;
  throw error;
}

interface Part extends SourceText {
  readonly cell?: number;
}

function partsOf(path: string, text: string): Part[] {
  const languageId = sourceLanguage(path) ?? 'plaintext';
  if (languageId !== 'notebook') return [{ languageId, path, text }];
  const cells = notebookCells(text) ?? [];
  const aboutLlm = cells.some((cell) => speaksOfLlm(cell.text));
  return cells.map(({ index, languageId: language, text: source }) => {
    return { languageId: language, path, text: source, aboutLlm, cell: index };
  });
}

async function hitsIn(detector: Detector, part: Part, aliases: readonly string[]): Promise<AliasHit[]> {
  const findings = await detector.detect(part);
  const position = createLinePositions(part.text);
  return aliasReferences(part, findings, aliases).map(({ span, ...reference }) => ({
    ...reference,
    path: part.path,
    ...(part.cell === undefined ? {} : { cell: part.cell }),
    start: position(span.start),
    end: position(span.end),
  }));
}
