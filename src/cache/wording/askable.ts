/** Why a text is only ever answered from the cache when it is repeated letter by letter. */
export type NotAskable = 'empty' | 'tooLong' | 'code' | 'language';

/** About 128 tokens of English. Longer texts carry material of their own. */
export const maxQuestionLength = 600;
const maxWords = 110;

/** Cheap look at a text before its wording is worked out. */
export function notAskable(text: string): NotAskable | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return 'empty';
  if (trimmed.length > maxQuestionLength || trimmed.split(/\s+/).length > maxWords) return 'tooLong';
  if (looksLikeCode(trimmed)) return 'code';
  if (!looksEnglish(trimmed)) return 'language';
  return undefined;
}

/** Code blocks, stack traces, tables and logs: the wording around them is not what the answer depends on. */
function looksLikeCode(text: string): boolean {
  if (/```|~~~/.test(text)) return true;
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length > 6) return true;
  return lines.some((line) =>
    /^\s+at \S+|^\s*File ".*", line \d+|[;{}]\s*$|^\s*[#/$>|*-]{1,3}\s|=>|^\s*(?:import|def|class|const|let|var|return|SELECT|INSERT|UPDATE|FROM)\s.*[=:;({*]/.test(
      line,
    ),
  );
}

const english = new Set(
  (
    'the a an is are was were be do does did can could would should will how what why where when which who i you my me we it this that ' +
    'to of in on at by for from with without and or not if then than as please there explain describe write list show give tell create ' +
    'make find summarize summarise convert translate compare sort add remove delete'
  ).split(' '),
);
const foreign = new Set(
  (
    'der die das und ist nicht ein eine wie warum mit auf von zu im wird kann ich mein welche sind ' +
    'le la les des est et un une comment pourquoi avec dans pour je mon quelle quel sont sur que ' +
    'el los las es y una como por con en para mi cual qual il lo gli sono perché come con nel della ' +
    'het een hoe waarom niet van met mijn o os uma não meu como em och att det inte jag'
  ).split(' '),
);

/** The rules of wording are English: a text in another language or script is compared letter by letter only. */
function looksEnglish(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (letters === 0 || latin < letters) return false;
  const words = text.toLowerCase().match(/[\p{L}']+/gu) ?? [];
  const known = words.filter((word) => english.has(word)).length;
  const other = words.filter((word) => foreign.has(word) && !english.has(word)).length;
  return known >= other && known + other > 0 ? true : other === 0 && words.length <= 12;
}
