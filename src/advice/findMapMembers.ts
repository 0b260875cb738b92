import { modelMapNames } from '../config/modelMapNames.ts';
import type { ModelConstant, SourceText } from '../detect/finding.ts';
import { importedName } from './importOfMap.ts';
import { withoutTexts } from './localName.ts';
import { mapLanguage } from './mapLanguage.ts';

/**
 * Where a source names an alias by its member of the generated map: `models.cheap`. The text of each is the alias, so
 * that a line keeps its price when its literal has become a member.
 */
export function findMapMembers(source: SourceText, aliases: readonly string[]): ModelConstant[] {
  const language = mapLanguage(source);
  const local = language && importedName(source.text, language);
  if (language === undefined || local === undefined) return [];
  const aliasOf = new Map([...modelMapNames(language, aliases)].map(([alias, member]) => [member, alias]));
  const member = new RegExp(`(?<![\\w$.])${local.replaceAll('$', '\\$')}\\.([A-Za-z_]\\w*)`, 'g');
  return [...withoutTexts(source.text, language).matchAll(member)].flatMap((match): ModelConstant[] => {
    const text = aliasOf.get(match[1] ?? '');
    if (text === undefined) return [];
    return [{ kind: 'const', text, span: { start: match.index, end: match.index + match[0].length } }];
  });
}
