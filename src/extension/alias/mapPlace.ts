import { posix } from 'node:path';
import type { ModelMapLanguage } from '../../config/modelMapNames.ts';

export interface MapPlace {
  readonly path: string;
  /** Python only: the map lies in the package that the source is a part of. */
  readonly inPackage: boolean;
}

/** Whether there is a file of this path. */
export type Exists = (path: string) => Promise<boolean>;

/**
 * Where the generated module belongs so that `source` can import it. Paths are absolute, with slashes.
 * Python finds modules beside the script that was started, so the map lies beside the source; in a package it lies in
 * the topmost package folder. Scripts import by path, so one map in their npm package does for all of it.
 */
export async function mapPlace(
  source: string,
  folder: string,
  language: ModelMapLanguage,
  fileName: string,
  exists: Exists,
): Promise<MapPlace> {
  const at = (place: string, inPackage: boolean): MapPlace => ({ path: posix.join(place, fileName), inPackage });
  const own = posix.dirname(source);
  if (language === 'python') {
    const isPackage = (place: string): Promise<boolean> => exists(posix.join(place, '__init__.py'));
    let top: string | undefined;
    for (let place = own; isWithin(place, folder) && (await isPackage(place)); place = posix.dirname(place))
      top = place;
    return top === undefined ? at(own, false) : at(top, true);
  }
  let root = folder;
  for (let place = own; isWithin(place, folder); place = posix.dirname(place)) {
    if (await exists(posix.join(place, fileName))) return at(place, false);
    if (await exists(posix.join(place, 'package.json'))) {
      root = place;
      break;
    }
    if (place === folder) break;
  }
  const sources = posix.join(root, 'src');
  return at(isWithin(own, sources) ? sources : root, false);
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
