import type { MapModule } from './aliasEdit.ts';

const relativeImport = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(["'])(\.{1,2}\/[^"'\n]+)\1/g;
const scriptExtension = /\.(?:[cm]?[jt]sx?|json|css|svg|vue|svelte|node|wasm)$/;

const segments = (path: string): string[] => path.split(/[\\/]/).filter((part) => part !== '' && part !== '.');

/** `../a/b.ts`, from the folder of `fromFile`. */
function relativePath(fromFile: string, toFile: string): string {
  const from = segments(fromFile).slice(0, -1);
  const to = segments(toFile);
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
  const up = from.slice(shared).map(() => '..');
  return [...(up.length > 0 ? up : ['.']), ...to.slice(shared)].join('/');
}

/**
 * What a script writes to import the map: relative, with the ending its other imports have. A file without any
 * relative import gets `.js`, which every resolution of TypeScript and every runtime but a bare Node of `.ts` takes.
 */
export function scriptSpecifier(text: string, fromPath: string, map: MapModule): string {
  const path = relativePath(fromPath, map.path);
  const ending = scriptExtension.exec(path)?.[0] ?? '';
  const base = path.slice(0, path.length - ending.length);
  const others = [...text.matchAll(relativeImport)].map((match) => scriptExtension.exec(match[2] ?? '')?.[0] ?? '');
  const scripts = others.filter((other) => other === '' || /^\.[cm]?[jt]sx?$/.test(other));
  const bare = scripts.filter((other) => other === '').length;
  if (ending === '.cjs' || ending === '.mjs') return path;
  if (bare * 2 > scripts.length) return base;
  if (ending === '.ts' && scripts.some((other) => /^\.[cm]?tsx?$/.test(other))) return path;
  return `${base}.js`;
}

/**
 * What Python writes to import the map: absolute from the map's folder, which is on the module path when the program
 * is started there; relative inside a package.
 */
export function pythonSpecifier(fromPath: string, map: MapModule): string {
  const from = segments(fromPath).slice(0, -1);
  const to = segments(map.path);
  const module = (to.pop() ?? '').replace(/\.py$/, '');
  let shared = 0;
  while (shared < from.length && shared < to.length && from[shared] === to[shared]) shared++;
  const down = to.slice(shared);
  if (map.inPackage) return '.'.repeat(from.length - shared + 1) + [...down, module].join('.');
  return [...down, module].join('.');
}
