import { type ModelMapLanguage, modelMapNames } from '../config/modelMapNames.ts';
import type { Finding, SourceText, Span } from '../detect/finding.ts';
import { mapLanguage } from './mapLanguage.ts';

/** Where a source names an alias. */
export interface AliasReference {
  readonly alias: string;
  /** The name alone: without quotes, without `models.`. */
  readonly span: Span;
  /** Of a member of the generated map: the map's language. */
  readonly member?: ModelMapLanguage;
}

/** The places among a source's findings (with the members of the generated map) that name one of these aliases. */
export function aliasReferences(
  source: SourceText,
  findings: readonly Finding[],
  aliases: readonly string[],
): AliasReference[] {
  const known = new Set(aliases);
  const language = mapLanguage(source);
  const members = language && modelMapNames(language, aliases);
  return findings.flatMap((finding): AliasReference[] => {
    if (finding.kind === 'prompt' || !known.has(finding.text)) return [];
    const { text: alias, span } = finding;
    if (finding.kind === 'model') return [{ alias, span }];
    const member = members?.get(alias);
    const start = span.end - (member?.length ?? 0);
    if (language === undefined || source.text.slice(start - 1, span.end) !== `.${member}`) return [];
    return [{ alias, span: { start, end: span.end }, member: language }];
  });
}

/** What stands in the place of a reference after its alias was renamed. @param aliases all names, as they are then */
export function renamedReference(
  { member }: Pick<AliasReference, 'member'>,
  newName: string,
  aliases: readonly string[],
): string {
  return member === undefined ? newName : (modelMapNames(member, aliases).get(newName) ?? newName);
}
