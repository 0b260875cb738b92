import { auxiliaries, isTechnology, isVerb, operatingSystems, questionWords, verbOfParticiple } from './vocabulary.ts';

/**
 * What kind of answer a text asks for. `request` is an imperative; `other` a question of a form we do not know.
 * `like` is "how is X" and "what is X like", `works` "how does X work".
 */
export type QuestionForm =
  | 'what'
  | 'mean'
  | 'purpose'
  | 'like'
  | 'difference'
  | 'howTo'
  | 'works'
  | 'how'
  | 'why'
  | 'can'
  | 'where'
  | 'yesNo'
  | 'other'
  | 'request';

export interface FormedText {
  readonly form: QuestionForm;
  /** What is asked about, the form taken off. */
  readonly rest: string;
}

type Rule = readonly [pattern: RegExp, replacement: string];

const someone = '(?:i|you|we|one|someone|somebody)';
const subject = '((?:\\S+ ){0,4}?\\S+)';

/** Statement order to question order: "what a lock is" → "what is a lock". */
const embeddedOrder: readonly Rule[] = [
  [/^what the (?:main |key )?differences? (?:is|are) between /, 'what is the difference between '],
  [new RegExp(`^what (?!${auxiliaries} )${subject} (is|are|was|were)$`), 'what $2 $1'],
  [new RegExp(`^what (?!${auxiliaries} )${subject} means?$`), 'what does $1 mean'],
  [new RegExp(`^what (?!${auxiliaries} )${subject} stands? for$`), 'what does $1 stand for'],
  [new RegExp(`^what (?!${auxiliaries} )${subject} (?:do|does)$`), 'what does $1 do'],
  [new RegExp(`^how (?!${auxiliaries} |to )${subject} works?( .+)?$`), 'how does $1 work$2'],
  [
    new RegExp(
      `^(how|why|where|when) (?!${auxiliaries} |to )${subject} (is|are|was|were|do not|does not|did not|can not|can|will|should|has|have) (.+)$`,
    ),
    '$1 $3 $2 $4',
  ],
];

const order: readonly Rule[] = [
  [/^how (i|you|we|one) (?:can |could |would |do )?(?!should |am |are |is |have |had |must )(\S.*)$/, 'how do $1 $2'],
  [/^how come (.+)$/, 'why $1'],
  [/^(what) (?:exactly|actually|really) (is|are|does|do) /, '$1 $2 '],
  [/^(what (?:is|are)) (?:exactly|actually) /, '$1 '],
  [/ (?:exactly|actually)$/, ''],
  [/^(how (?:do|can) (?:i|you|we|one)) (?:just|actually) /, '$1 '],
  [/^which /, 'what '],
  [/^what one (is|are) (?=(?:better|best|worse|worst) )/, 'what $1 '],
  [/^how much time /, 'how long '],
  [/^why (?:am i|are we) getting /, 'why do i get '],
  [/^(why (?:is|are) .+) (?:so|very|really) (\S+)$/, '$1 $2'],
];

/** "How do you work?", "how do you use my data?": the one who answers is meant, not anyone. */
const aboutAssistant =
  /^(how (?:do|can|could|would) you (?:(?:work|feel|think|know|remember|differ|learn|understand|operate|function|decide|sleep)(?: .+)?|.*(?:my|me|mine)(?: .+)?))$/;

/** Ways that are as good as any: "the fastest way" is another question. */
const anyWay =
  '(?:a |an |the |some |some of the )?(?:(?:best|good|great|easiest|simplest|easy|simple|proper|right|correct|recommended|effective) )?(?:possible )?ways?';

const forms: readonly (readonly [pattern: RegExp, form: QuestionForm, replacement: string])[] = [
  [/^(?:what (?:is|are) )?(?:a |the )?(?:difference|differences|distinction) between (.+)$/, 'difference', '$1'],
  [
    /^(?:explain|describe|show|give|tell me|tell) (?:the )?(?:difference|differences|distinction) between (.+)$/,
    'difference',
    '$1',
  ],
  [/^how (?:does|do) (.+?) differ from (.+)$/, 'difference', '$1 and $2'],
  [/^how (?:is|are) (.+?) different (?:from|to|than) (.+)$/, 'difference', '$1 and $2'],
  [/^(\S+) vs (\S+)(?: [,.])? what is the difference$/, 'difference', '$1 and $2'],
  [/^how (?:do|does) (\S+ and \S+) differ$/, 'difference', '$1'],
  [/^how are (\S+ and \S+) different$/, 'difference', '$1'],
  [/^how to (.+)$/, 'howTo', '$1'],
  [new RegExp(`^what (?:is|are) ${anyWay} (?:for ${someone} )?to (.+)$`), 'howTo', '$1'],
  [new RegExp(`^what (?:can|should|could|must|do) ${someone} (?:need to |have to )?do to (.+)$`), 'howTo', '$1'],
  [/^how (?:does it feel|is it(?: like)?) to (.+)$/, 'like', '~feel $1'],
  [/^what (?:is it like|does it feel like) to (.+)$/, 'like', '~feel $1'],
  [/^what do you think (?:of|about) (.+)$/, 'what', '~opinion of $1'],
  [
    /^what (?:is|are) your (?:views?|thoughts?|opinions?|take) (?:of|on|about|regarding|towards) (.+)$/,
    'what',
    '~opinion of $1',
  ],
  [aboutAssistant, 'other', '$1'],
  [new RegExp(`^how (?:do|does|can|could|would|should|may|might) ${someone} (.+)$`), 'howTo', '$1'],
  [/^is there (?:a|any) way (?:for me )?to (.+)$/, 'howTo', '$1'],
  [/^what (?:does|do) (.+?) mean((?: in| by) .+)?$/, 'mean', '$1$2'],
  [/^(?:what is )?(?:the )?(?:meaning|definition) of (.+)$/, 'mean', '$1'],
  [/^what is meant by (.+)$/, 'mean', '$1'],
  [/^define (.+)$/, 'mean', '$1'],
  [/^what (?:is|are) (.+?) (?:used for|for)((?: in) .+)?$/, 'purpose', '$1$2'],
  [/^what is the (?:purpose|use) of (.+)$/, 'purpose', '$1'],
  [/^what (?:is|are) (.+?) like((?: in| on| at) .+)?$/, 'like', '$1$2'],
  [/^how (?:is|are) (.+)$/, 'like', '$1'],
  [/^how (?:does|do) (.+?) work( .+)?$/, 'works', '$1$2'],
  [/^how (?:does|do) (.+)$/, 'how', '$1'],
  [/^why (?:do|does) (.+)$/, 'why', '$1'],
  [/^why (?:is|are|am) (.+)$/, 'why', 'is $1'],
  [/^why (.+)$/, 'why', '~ $1'],
  [/^what (?:is|are) (.+)$/, 'what', '$1'],
  [new RegExp(`^where (?:do|can|could) ${someone} ((?:find|get|download|see|learn|buy) .+)$`), 'where', 'i $1'],
  [/^where (?:is|are) (.+)$/, 'where', 'is $1'],
  [new RegExp(`^is it possible (?:for ${someone} )?to (.+)$`), 'can', '$1'],
  [/^can (?:i|we|one|someone) (.+)$/, 'can', '$1'],
  [/^(?:is|are) (.+)$/, 'yesNo', 'is $1'],
  [/^(?:do|does) (.+)$/, 'yesNo', 'do $1'],
  [new RegExp(`^(${auxiliaries} .+)$`), 'yesNo', '$1'],
  [new RegExp(`^(${questionWords} .+)$`), 'other', '$1'],
];

/** Brings a text into question order and takes the form of the question off it. */
export function readForm(text: string, embedded: boolean): FormedText {
  let asked = leadingPhraseLast(text);
  if (embedded || /^how come /.test(asked)) {
    asked = asked.replace(/^how come /, 'why ');
    asked = firstRule(asked, embeddedOrder);
  }
  for (const [pattern, replacement] of order) asked = asked.replace(pattern, replacement);
  asked = trailingTool(activeVoice(asked));
  const { text: positive, negated } = liftNegation(asked);
  for (const [pattern, form, replacement] of forms) {
    if (!pattern.test(positive)) continue;
    const rest = positive.replace(pattern, replacement);
    return { form, rest: negated ? `not~ ${rest}` : rest };
  }
  return { form: 'request', rest: positive };
}

function firstRule(text: string, rules: readonly Rule[]): string {
  for (const [pattern, replacement] of rules) if (pattern.test(text)) return text.replace(pattern, replacement);
  return text;
}

const leading = new RegExp(
  `^(in|with|using|on|for|under|within|from|inside) ((?:[^\\s,.]+ ){1,4}), (?=(?:${questionWords}|${auxiliaries}) )([^.]+)$`,
);
const leadingWord = new RegExp(`^(in|with|using|on) (\\S+) (?=${questionWords} )([^.]+)$`);

/** "In Python, how do I X" → "how do I X in Python". */
function leadingPhraseLast(text: string): string {
  const match = leading.exec(text) ?? leadingWord.exec(text);
  if (match === null) return text;
  const [, preposition = '', phrase = '', rest = ''] = match;
  const named = phrase.trim();
  const isTool = (preposition === 'with' || preposition === 'using') && isTechnology(named);
  return `${rest.trim()} ${isTool ? 'in' : preposition} ${named}`;
}

const takesWith =
  /(?:^| )(?:swap|mix|match|pair|fill|populate|associate|bundle|embed|mount|wrap|couple|collaborate|familiar|problem|issue|error|bug|start|started|begin|stop|avoid|keep|try|replace|compare|combine|integrate|work|interact|communicate|connect|deal|sync|share|help|wrong|compatible|done|together)(?: |$)/;

/** "… using Python" → "… in Python", "on Linux" → "in Linux": only where the tool is the only one named. */
function trailingTool(text: string): string {
  const system = text.replace(new RegExp(` (?:on|under) (\\^?${operatingSystems})$`), ' in $1');
  if (system !== text) return system;
  const match = / (?:using|via|with) (\S+)$/.exec(text);
  if (match?.[1] === undefined || !isTechnology(match[1]) || takesWith.test(text)) return text;
  if (text.split(' ').filter(isTechnology).length !== 1) return text;
  return `${text.slice(0, match.index)} in ${match[1]}`;
}

const passive = /^how (?:can|could) ((?:\S+ ){1,7}?)be (\S+)( .*)?$/;

/** "How can X be checked" → "how do I check X". */
function activeVoice(text: string): string {
  const match = passive.exec(text);
  const verb = verbOfParticiple(match?.[2] ?? '');
  if (match === null || verb === undefined || / by /.test(match[3] ?? '')) return text;
  return `how do i ${verb} ${(match[1] ?? '').trim()}${match[3] ?? ''}`;
}

const auxiliaryFirst = new RegExp(
  `^((?:(?:${questionWords}) )?(?:do|does|did|is|are|was|were|can|could|will|would|has|have)) (.+)$`,
);

/**
 * "why doesn't X match" and "why does X not match" both negate the whole question. A "not" behind a verb negates only what
 * follows it and stays.
 */
function liftNegation(text: string): { text: string; negated: boolean } {
  const match = auxiliaryFirst.exec(text);
  if (match === null) return { text, negated: false };
  const [, head = '', tail = ''] = match;
  if (tail.split(' not ').length > 2 || /(?:^| )not .* not(?: |$)/.test(` ${tail} `)) return { text, negated: false };
  if (tail.startsWith('not ')) return { text: `${head} ${tail.slice(4)}`, negated: true };
  const at = tail.indexOf(' not ');
  if (at < 0 || at > 40) return { text, negated: false };
  const before = tail.slice(0, at).split(' ');
  const negatesVerb = /(?:is|are|was|were)$/.test(head)
    ? /^\S+ing\b/.test(tail.slice(at + 5))
    : !before.some((word) => isVerb(word));
  if (before.length > 4 || !negatesVerb) return { text, negated: false };
  return { text: `${head} ${tail.slice(0, at)} ${tail.slice(at + 5)}`, negated: true };
}
