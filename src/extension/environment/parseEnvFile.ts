/**
 * Reads the assignments of a `.env` file as dotenv does: `export` is allowed, quotes are removed, a comment begins with
 * `#` after a blank. Values over several lines are read up to the end of their first line, which is enough for a URL.
 */
export function parseEnvFile(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/.exec(line);
    const name = match?.[1];
    if (name !== undefined) values.set(name, unquote(match?.[2] ?? ''));
  }
  return values;
}

function unquote(raw: string): string {
  const quoted = /^(["'`])(.*?)\1/.exec(raw);
  if (quoted !== null) return quoted[2] ?? '';
  return raw.replace(/(^|\s)#.*$/, '').trim();
}
