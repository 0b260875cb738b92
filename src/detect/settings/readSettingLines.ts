import type { Setting, SettingEntry } from './setting.ts';

/** `NAME=value`, `export NAME="value"`, `spring.ai.openai.chat.options.model = value`, a section `[name]` of an INI file. */
const line =
  /^[ \t]*(?:export[ \t]+|set[ \t]+|ARG[ \t]+|ENV[ \t]+)?([A-Za-z_][\w.[\]-]*)[ \t]*[=:][ \t]*(?:"((?:\\.|[^"\\\n])*)"|'([^'\n]*)'|([^\n]*?))[ \t]*\r?$/;
const comment = /^[ \t]*[#;!]/;
const longestLine = 4_000;

/** Reads settings of one line each: `.env` and `.properties` files, INI files. */
export function readSettingLines(source: string): Setting[] {
  const entries: SettingEntry[] = [];
  for (let start = 0; start < source.length; ) {
    const newline = source.indexOf('\n', start);
    const end = newline < 0 ? source.length : newline;
    const text = source.slice(start, end);
    const entry = text.length > longestLine || comment.test(text) ? undefined : readLine(text, start);
    if (entry) entries.push(entry);
    start = end + 1;
  }
  return [{ kind: 'map', span: { start: 0, end: source.length }, entries }];
}

function readLine(text: string, at: number): SettingEntry | undefined {
  const match = line.exec(text);
  if (!match) return undefined;
  const [whole, key = '', double, single, bare = ''] = match;
  const quoted = double ?? single;
  // A comment after a bare value begins with white space and a hash.
  const value = quoted ?? bare.replace(/(?:^|\s)#.*$/, '').trimEnd();
  const tail = quoted === undefined ? bare : `"${quoted}"`;
  const valueAt =
    at + whole.length - (/[ \t\r]*$/.exec(whole)?.[0].length ?? 0) - tail.length + (quoted === undefined ? 0 : 1);
  const span = { start: valueAt, end: valueAt + value.length };
  const literal = quoted === undefined ? span : { start: span.start - 1, end: span.end + 1 };
  const decoded = double === undefined ? value : double.replace(/\\n/g, '\n').replace(/\\(["\\])/g, '$1');
  const parts = value === '' ? [] : [{ span, text: decoded }];
  return { key, value: { kind: 'text', span, literal, text: decoded, parts, holes: [] }, source: value.slice(0, 80) };
}
