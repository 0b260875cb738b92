// Collects the texts that the extension hands to `vscode.l10n.t`, for translators: l10n/bundle.l10n.json.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { panelStrings } from '../src/panel/panelStrings.ts';

const sources = resolve(import.meta.dirname, '../src');

const literal = `('(?:\\\\.|[^'\\\\\\n])*'|"(?:\\\\.|[^"\\\\\\n])*")`;
/** `l10n.t('…'` and, where the function is a parameter, `t('…'`; advice hands its texts on as `message('…'`. */
const callsOf = {
  extension: new RegExp(`(?<![\\w$.])(?:l10n\\.)?t\\(\\s*${literal}`, 'g'),
  advice: new RegExp(`(?<![\\w$.])message\\(\\s*${literal}`, 'g'),
} as const;

function decoded(written: string): string {
  const inner = written.slice(1, -1).replaceAll("\\'", "'");
  return JSON.parse(`"${written.startsWith("'") ? inner.replace(/(?<!\\)"/g, '\\"') : inner}"`);
}

function textsOf(room: keyof typeof callsOf): string[] {
  const folder = join(sources, room);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(callsOf[room])].map(([, text = '']) => decoded(text)),
  );
}

/** Every text in the code, in order; each is its own English translation. */
export function l10nBundle(): string {
  const texts = [...textsOf('extension'), ...textsOf('advice'), ...Object.values(panelStrings)];
  const sorted = [...new Set(texts)].sort();
  return `${JSON.stringify(Object.fromEntries(sorted.map((text) => [text, text])), null, 2)}\n`;
}
