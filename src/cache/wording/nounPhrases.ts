import type { QuestionForm } from './questionForms.ts';
import { isTechnology } from './vocabulary.ts';

const prepositions =
  'in|on|with|for|from|to|at|by|using|of|is|are|was|were|do|does|and|or|not|that|which|when|if|than|as|without|between|into|over|under|after|before|inside|per|via|vs|,|\\.';
const beforeNoun = new RegExp(`(?:^| )(?:${prepositions}) `);

/** Manner, audience or reference: more than a term to be explained. */
const notATerm = new RegExp(
  `(?:^| )(?:${prepositions}|about|like|how|what|why|where|briefly|simply|shortly|again|more|me|us|your|my|this|these|those|it|step|\\S+ly)(?: |$)`,
);
/** True for a bare term ("the event loop"), false where manner or audience is asked for too. */
export function isTerm(text: string): boolean {
  return !notATerm.test(text);
}

const countingHeads =
  'number|list|array|set|kind|type|sort|way|lot|pair|part|one|all|some|any|most|each|both|none|instead|because|out|use|think|example|front|top|case|consist|purpose|summary';
const ofPattern = new RegExp(
  `^((?!(?:${prepositions}) )\\S+ )??((?:(?!(?:${prepositions}) )\\S+ ){0,2}?(?!(?:${prepositions}|${countingHeads}|~\\S+) )\\S+) of ((?:(?!(?:${prepositions})(?: |$))\\S+ ?){1,3})(?= ?(?:${prepositions}) |$)`,
);

/** "size of a folder" → "folder size": at the start of a definition, or as the object of the verb that comes first. */
export function ofPhrase(text: string, form: QuestionForm): string {
  if (text.split(' of ').length !== 2) return text;
  const takesVerb = form === 'howTo' || form === 'request';
  const verb = takesVerb ? (/^\S+ /.exec(text)?.[0] ?? '') : '';
  const match = ofPattern.exec(text.slice(verb.length));
  if (match === null) return text;
  const [whole, extra = '', head = '', owner = ''] = match;
  const tail = text.slice(verb.length + whole.length);
  return `${verb}${owner.trim()} ${extra}${head}${tail.startsWith(' ') || tail === '' ? '' : ' '}${tail}`.trim();
}

const codeNouns = 'function|script|program|class|method|snippet|test|decorator|module|generator|macro';
const languageFirst = new RegExp(
  `^((?:write|~create|create|implement|generate) )(\\S+) ((?:unit )?(?:${codeNouns}))(?= (?:that|to|which|for) |$)`,
);

/** "a decorator in Python" → "Python decorator"; "write a Python function that …" → "write a function in Python that …". */
export function toolBeside(text: string, form: QuestionForm): string {
  if (text.split(' ').filter(isTechnology).length !== 1) return text;
  if (form === 'request') {
    return text.replace(languageFirst, (match, verb: string, tool: string, noun: string) =>
      isTechnology(tool) ? `${verb}${noun} in ${tool}` : match,
    );
  }
  if (form !== 'what' && form !== 'works') return text;
  const match = /^((?:[^\s,.]+ ){1,3})in (\S+)$/.exec(text);
  if (match?.[2] === undefined || !isTechnology(match[2]) || beforeNoun.test(match[1] ?? '')) return text;
  return `${match[2]} ${(match[1] ?? '').trim()}`;
}
