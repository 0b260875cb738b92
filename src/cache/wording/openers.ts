import { questionWords, requestVerbs, starters } from './vocabulary.ts';

const you = '(?:can|could|would|will) you(?: (?:please|kindly|just|possibly|maybe|perhaps))?';
const pause = '(?: [,.])?';

const greetings = [
  `(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening))(?: (?:there|all|everyone|everybody|folks|team|guys|friend|assistant|[\\^=]?claude|[\\^=]?chatgpt|\\^?gpt))?${pause} (?=${starters} )`,
  '(?:please|kindly)(?: ,)? ',
  `(?:so|ok|okay|well|um|thanks|thank you|thanks in advance)${pause} (?=${starters} )`,
];

const requests = [
  `${you} (?=${requestVerbs} )`,
  `(?:i (?:want|need|would like) you to|help me(?: to)?|would you mind) (?=${requestVerbs} )`,
  `(?:i was wondering|i wonder|wondering) (?:if|whether) you (?:can|could|would)(?: please)? (?=${requestVerbs} )`,
];

/** What comes before a question that is told rather than asked: "tell me what …". */
const askings = [
  `(?:do you(?: happen to)? know|does (?:anyone|anybody|someone|somebody) know|${you} (?:tell me|explain to me|explain me|show me|let me know)|any idea|i (?:just )?(?:want|wanted|need|would like|would love|am trying|am curious|was hoping|am looking) to (?:know|understand|learn|find out|ask)|(?:i was |i am )?(?:just )?wondering|i wonder|i am (?:curious|not sure|unsure)|i do not (?:know|understand)|(?:i have )?(?:a )?(?:quick )?question|tell me|let me know|explain to me|explain me|explain|describe|show me|teach me|help me(?: to)? understand|please explain)${pause}(?: about)? (?=${questionWords} )`,
];

const giving =
  /^(write|give|show|make|create|draw|build|generate|find|get|send|suggest|recommend|provide|list) me (?!(?:with|to|how|what|why|where|when|which|who) )/;

const closers = [
  / [,.] (?:please|thanks|thank you|thanks a lot|thank you (?:very|so) much|many thanks|cheers|thx|ty)(?: in advance)?$/,
  /(?<! (?:say|word|mean|means|spell|translate|of|the|a|to|type|pronounce)) (?:please|thanks|thank you)(?: in advance)?$/,
  / [,.] any (?:idea|ideas|help|advice|tips)(?: (?:is|are|would be) (?:appreciated|welcome))?$/,
  / [,.] (?:can|could) (?:you|anyone|someone) (?:please )?(?:help|explain)(?: me)?$/,
];

const started = (patterns: readonly string[]): RegExp[] => patterns.map((pattern) => new RegExp(`^${pattern}`));
const politeOpeners = started([...greetings, ...requests]);
const askingOpeners = started(askings);

export interface OpenedText {
  readonly text: string;
  /** The question stood inside a sentence ("tell me what a lock is") and has the order of a statement. */
  readonly embedded: boolean;
}

/** Takes greeting, politeness and thanks off a text of words and marks. */
export function withoutOpeners(text: string): OpenedText {
  let rest = text;
  let embedded = false;
  for (let round = 0; round < 6; round++) {
    const before = rest;
    for (const pattern of askingOpeners) {
      const next = rest.replace(pattern, '');
      if (next !== rest) embedded = true;
      rest = next;
    }
    for (const pattern of politeOpeners) rest = rest.replace(pattern, '');
    if (rest === before) break;
  }
  rest = rest.replace(giving, '$1 ').replace(/^((?:explain|describe) .+) (?:to|for) me$/, '$1');
  for (let round = 0; round < 3; round++) for (const pattern of closers) rest = rest.replace(pattern, '');
  return { text: rest, embedded };
}
