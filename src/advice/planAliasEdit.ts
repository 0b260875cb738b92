import type { ModelMention, Span } from '../detect/finding.ts';
import type { AliasEdit, AliasEditRequest, TextEdit } from './aliasEdit.ts';
import { importOfMap } from './importOfMap.ts';
import { mapLanguage } from './mapLanguage.ts';

const constAssertion = /^\s+as\s+const\b/;

/** `'gpt-4o' as const` is no longer a constant expression with a member in its place. */
function replacedSpan(text: string, { literal }: ModelMention): Span {
  const assertion = constAssertion.exec(text.slice(literal.end, literal.end + 40));
  return { start: literal.start, end: literal.end + (assertion?.[0].length ?? 0) };
}

function byPlace(edits: readonly TextEdit[]): TextEdit[] {
  return edits.toSorted((a, b) => a.span.start - b.span.start);
}

/**
 * Plans the edit that puts an alias in the place of hardcoded models: `portable` replaces the literals by
 * `models.<member>` and imports the generated map; `bare` writes the alias where the model id stood, which works only
 * through a Tollgate service. Changes the source file only; the map and the configuration are the caller's.
 */
export function planAliasEdit(request: AliasEditRequest): AliasEdit {
  const { source, mentions } = request;
  if (mentions.length === 0) return { kind: 'refused', reason: 'nothingToReplace' };
  if (request.mode === 'bare') {
    const edits = mentions.map(({ span }) => ({ span, newText: request.alias }));
    return { kind: 'edit', files: [{ path: source.path, edits: byPlace(edits) }] };
  }
  const language = mapLanguage(source);
  if (language === undefined) return { kind: 'refused', reason: 'noModelMap' };
  if (mentions.some(({ replaceable }) => !replaceable)) return { kind: 'refused', reason: 'literalOnly' };
  const imported = importOfMap(source, language, request.map);
  const member = `${imported.name}.${request.map.member}`;
  const edits = mentions.map((mention): TextEdit => {
    const newText = mention.inMarkup ? `{${member}}` : member;
    return { span: replacedSpan(source.text, mention), newText };
  });
  return {
    kind: 'edit',
    files: [{ path: source.path, edits: byPlace([...(imported.edit ? [imported.edit] : []), ...edits]) }],
  };
}

/** Applies edits of one file to its text. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let from = 0;
  for (const { span, newText } of byPlace(edits)) {
    result += text.slice(from, span.start) + newText;
    from = span.end;
  }
  return result + text.slice(from);
}
