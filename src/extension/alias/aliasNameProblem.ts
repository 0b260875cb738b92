import { namePattern } from '../../config/sections/providers.ts';
import type { Translate } from '../translate.ts';

/** What is wrong with the name of a new alias; undefined when nothing is. */
export function aliasNameProblem(name: string, taken: ReadonlySet<string>, t: Translate): string | undefined {
  if (!namePattern.test(name))
    return t('Begin with a letter; letters, digits, ".", "_" and "-" may follow, 64 at most.');
  return taken.has(name) ? t('"{0}" is taken. Choose another name.', name) : undefined;
}
