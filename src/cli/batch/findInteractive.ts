import { basename, relative } from 'node:path';
import { interactiveUses } from '../../batch/interactiveUse.ts';
import type { Detector } from '../../detect/finding.ts';
import { sourceLanguage } from '../../detect/sourceLanguage.ts';
import type { Disk } from '../../scan/disk.ts';
import { createLinePositions } from '../../scan/linePositions.ts';
import { readText } from '../../scan/readText.ts';
import { walkFiles } from '../../scan/walkFiles.ts';

/** What looks into the sources of a workspace. */
export interface SourceReader {
  readonly disk: Disk;
  readonly detector: () => Pick<Detector, 'calls'>;
}

const mostBytes = 500_000;
const mostFiles = 5000;

/** Where prompt files are used by request handlers of a folder, in a sentence each. */
export async function findInteractive(
  promptPaths: readonly string[],
  folder: string,
  { disk, detector }: SourceReader,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = [...new Set(promptPaths.map((path) => basename(path)))];
  const found: string[] = [];
  let made: ReturnType<SourceReader['detector']> | undefined;
  let seen = 0;
  for await (const file of walkFiles(disk, folder, { signal })) {
    const languageId = file.kind === 'file' ? sourceLanguage(file.path) : undefined;
    if (languageId === undefined || file.kind === 'problem') continue;
    seen += 1;
    if (seen > mostFiles) break;
    const read = readText(await disk.read(file.path));
    if (read.kind === 'skipped' || read.text.length > mostBytes) continue;
    const { text } = read;
    const named = names.filter((name) => text.includes(name));
    if (named.length === 0) continue;
    // Made only here: its grammars take longer than most plans.
    made ??= detector();
    const path = relative(folder, file.path);
    const position = createLinePositions(text);
    for (const { name, offset } of interactiveUses(text, await made.calls({ languageId, path, text }), named))
      found.push(
        `Somebody may be waiting for this answer, and a batch takes up to 24 hours: ${path}, line ${position(offset).line + 1}, uses ${name} in a request handler.`,
      );
  }
  return found;
}
