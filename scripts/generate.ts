// Writes the files that are made from source: node scripts/generate.ts [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { configJsonSchema } from '../src/config/configJsonSchema.ts';
import { suggestingSchema } from '../src/config/editorSchema.ts';
import { l10nBundle } from './l10nBundle.ts';
import { priceSnapshot } from './prices.ts';

export interface GeneratedFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: () => string;
}

/** Every generated file. A unit test checks that each is current. */
export const generatedFiles: readonly GeneratedFile[] = [
  { path: 'l10n/bundle.l10n.json', text: l10nBundle },
  { path: 'media/prices.json', text: priceSnapshot },
  {
    path: 'media/tollgate.schema.json',
    text: () => `${JSON.stringify(suggestingSchema(configJsonSchema()), null, 2)}\n`,
  },
];

const root = resolve(import.meta.dirname, '..');

/** The committed text; undefined where there is none. */
export function committedText({ path }: GeneratedFile): string | undefined {
  try {
    return readFileSync(resolve(root, path), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

if (import.meta.main) {
  const stale = generatedFiles.filter((file) => committedText(file) !== file.text());
  const check = process.argv.includes('--check');
  for (const file of stale) {
    if (!check) writeFileSync(resolve(root, file.path), file.text());
    console.log(`${check ? 'stale' : 'written'}: ${file.path}`);
  }
  if (check && stale.length > 0) process.exitCode = 1;
}
