import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { findMapMembers } from '../../../src/advice/findMapMembers.ts';
import { createDetector } from '../../../src/detect/createDetector.ts';
import { annotate } from '../../../src/extension/analysis/annotate.ts';
import { positionReader } from '../../../src/extension/config/positionReader.ts';
import { lensTitle } from '../../../src/extension/lens/lensText.ts';
import { visibleAnnotations } from '../../../src/extension/lens/visibleAnnotations.ts';
import { untranslated } from '../../../src/extension/translate.ts';
import { createTokenCounter } from '../../../src/tokens/createTokenCounter.ts';
import { spawnTokenWorker } from '../../../src/tokens/spawnTokenWorker.ts';
import { grammarBytes } from '../../support/detector.ts';
import { assertGolden } from '../../support/golden.ts';
import { aliases, catalog } from './models.ts';

const folder = resolve(import.meta.dirname, '../../golden/lenses');
const languages: Readonly<Record<string, string>> = {
  py: 'python',
  ts: 'typescript',
  prompt: 'prompt',
  jsonl: 'jsonl',
};
const lens = { models: true, prompts: true, minimumTokens: 20, minimumUsd: 0, maximumCharacters: 100_000 };

const counter = createTokenCounter({
  spawnWorker: () => spawnTokenWorker(resolve(import.meta.dirname, '../../../src/tokens/worker.ts')),
});
const detector = createDetector({
  catalog,
  aliases: () => new Set(Object.keys(aliases)),
  loadGrammar: grammarBytes,
  loadRuntime: () => grammarBytes(),
});
after(async () => {
  detector.dispose();
  await counter.dispose();
});

/** The source with each lens above the line it stands over, as an editor shows it. */
async function withLenses(path: string, text: string): Promise<string> {
  const source = { languageId: languages[path.split('.').at(-1) ?? ''] ?? '', path, text };
  const findings = [...(await detector.detect(source)), ...findMapMembers(source, Object.keys(aliases))];
  const annotations = await annotate(findings, { catalog, aliases, counter, defaultModel: '' });
  const shown = visibleAnnotations(annotations, lens);
  const positionOf = positionReader(text);
  const lines = text.split('\n').flatMap((line, number) => {
    const titles = shown
      .filter(({ span }) => positionOf(span.start).line === number)
      .map((annotation) => lensTitle(annotation, untranslated));
    return titles.length > 0 ? [`>>> ${titles.join(' | ')}`, line] : [line];
  });
  return lines.join('\n');
}

for (const file of readdirSync(folder).filter((name) => !name.endsWith('.lenses')))
  test(`lenses of ${file}`, async () => {
    assertGolden(`lenses/${file}.lenses`, await withLenses(file, readFileSync(join(folder, file), 'utf8')));
  });
