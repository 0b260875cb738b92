export type ModelMapLanguage = 'python' | 'typescript' | 'javascript' | 'commonjs';

const pythonKeywords = new Set(
  `False None True and as assert async await break class continue def del elif else except finally for from global if
   import in is lambda nonlocal not or pass raise return try while with yield match case type print`.split(/\s+/),
);

/** Members every JavaScript object has, which a property of that name would hide. */
const objectMembers = new Set(Object.getOwnPropertyNames(Object.prototype));

function pythonName(alias: string): string {
  const name = alias.replace(/[^A-Za-z0-9]+/g, '_').replace(/_+$/, '');
  return pythonKeywords.has(name) ? `${name}_` : name;
}

function scriptName(alias: string): string {
  const name = alias
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '')
    .map((part, place) => (place === 0 ? part : part[0]?.toUpperCase() + part.slice(1)))
    .join('');
  return objectMembers.has(name) ? `${name}_` : name;
}

/**
 * The member of `models` that each alias gets in a language's map: `cheap-fast` is `models.cheap_fast` in Python,
 * `models.cheapFast` in TypeScript. Two aliases that would get the same name are numbered, in the order of their names.
 */
export function modelMapNames(language: ModelMapLanguage, aliases: readonly string[]): ReadonlyMap<string, string> {
  const nameOf = language === 'python' ? pythonName : scriptName;
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const alias of [...aliases].sort()) {
    const wanted = nameOf(alias);
    let name = wanted;
    for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`;
    taken.add(name);
    names.set(alias, name);
  }
  return names;
}
