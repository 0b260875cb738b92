/** Whether a call site (`src/rag.ts:88:answer`) is in a path that one of the globs names. `*` stays within a folder, `**` does not. */
export function matchesCallSite(callSite: string | undefined, globs: readonly string[]): boolean {
  if (callSite === undefined) return false;
  const path = pathOf(callSite);
  return globs.some((glob) => globPattern(glob).test(path));
}

/** Without line and function; of Windows with slashes. */
function pathOf(callSite: string): string {
  const path = /^(.*?):\d+(?::.*)?$/s.exec(callSite)?.[1] ?? callSite;
  return path.replaceAll('\\', '/').replace(/^\.\//, '');
}

const tokens = /\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[^*?{]+|[{]/g;

/** A glob without a slash names files of any folder, as in `.gitignore`. */
function globPattern(glob: string): RegExp {
  const anywhere = glob.includes('/') ? '' : '(?:.*/)?';
  const body = glob.replace(/^\.?\//, '').replaceAll(tokens, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.startsWith('{') && token.endsWith('}'))
      return `(?:${token.slice(1, -1).split(',').map(literal).join('|')})`;
    return literal(token);
  });
  return new RegExp(`^${anywhere}${body}$`);
}

function literal(text: string): string {
  return text.replaceAll(/[.+^$()|[\]\\{}*?]/g, '\\$&');
}
