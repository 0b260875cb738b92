import type { Word } from './readWords.ts';

const generic = new Set(
  (
    'code bug error issue problem function file snippet text article document output result log test query script class method ' +
    'component project app application program paragraph sentence page essay email message list table data input question answer ' +
    'solution example version thing stuff one image picture diagram spec requirement task story poem change commit diff pr issue ' +
    'fix explain summarize summarise refactor improve optimize optimise review debug document rewrite translate continue shorten ' +
    'simplify check correct clean format run make do does did is are was be work works working fail fails failing failed break breaks ' +
    'broken wrong slow fast better good bad right happen happens mean means write read again more next previous following above below ' +
    'please now still too so very really just here there can could would should will you i we me us my our your the a an of to in on ' +
    'for with and or not what why how when where which who it this that these those its go on help give show tell describe finish add ' +
    'comment comments tests edit update proofread polish expand elaborate detail details also instead build builds pipeline deployment does'
  ).split(' '),
);

const definite = new Set(['the', 'this', 'that', 'these', 'those', 'my', 'our', 'your', 'it', 'them']);

/** Words that cannot be what "it" stands for. */
const functionWords = new Set(
  (
    'i you we they he she it me us them my our your the a an is are was were be do does did can could will would should have has had ' +
    'how what why where when which who to of in on at by for from with without and or not if then than as please there'
  ).split(' '),
);

const beforeDemonstrative =
  /^(?:is|are|was|does|do|did|about|like|with|of|to|for|in|on|at|from|by|fix|explain|use|using|change|delete|remove|run|make|test|write|rewrite|summarize|translate|than|and|or|why|how|what|can|could|would|should|if)$/;

/** Refers to something outside itself ("fix this bug", "why is it slow"): the same words mean another thing next time. */
export function isDeictic(words: readonly Word[]): boolean {
  const plain = words.filter((word) => word.kind !== 'mark');
  const texts = plain.map((word) => word.text);
  const isGeneric = plain.every((word) => word.kind === 'word' && generic.has(word.text));
  if (isGeneric && (plain.length <= 2 || texts.some((text) => definite.has(text)))) return true;
  return plain.some((word, index) => word.kind === 'word' && pointsOutside(word.text, index, texts, plain));
}

function pointsOutside(word: string, index: number, texts: readonly string[], words: readonly Word[]): boolean {
  const next = texts[index + 1];
  switch (word) {
    case 'this':
    case 'these':
    case 'those':
      // "this year" is about time, not about something at hand.
      return !/^(?:year|month|week|day|morning|afternoon|evening|century|decade)s?$/.test(next ?? '');
    case 'that':
      return index === 0 || next === undefined || beforeDemonstrative.test(texts[index - 1] ?? '');
    case 'above':
    case 'below':
      return next === undefined || index === 0 || /^(?:the|code|text|error|is|are|and|in)$/.test(next);
    case 'it':
    case 'its':
    case 'they':
    case 'them':
    case 'their':
    case 'he':
    case 'she':
    case 'him':
    case 'her':
      return !isExpletive(word, index, texts) && !hasAntecedent(index, words);
    case 'there':
      return next === undefined && !/^(?:is|are|was|were|not)$/.test(texts[index - 1] ?? '');
    case 'here':
    case 'attached':
    case 'aforementioned':
      return true;
    case 'following':
    case 'same':
    case 'previous':
      return texts[index - 1] === 'the' && (next === undefined || generic.has(next));
    default:
      return false;
  }
}

/** "Is it safe to …", "what time is it", "how long does it take to …": it stands for nothing. */
function isExpletive(word: string, index: number, texts: readonly string[]): boolean {
  if (word !== 'it') return false;
  const before = texts[index - 1] ?? '';
  const rest = texts.slice(index + 1).join(' ');
  if (
    /^(?:is|was|does|would|will|should|might|may)$/.test(before) &&
    /\b(?:to|that|if|when|raining|snowing|cold|hot)\b/.test(rest)
  )
    return true;
  return /\btime is it\b/.test(texts.join(' ')) || /\btakes? \b/.test(rest);
}

/** Whether something stands before `index` that "it" can be: what has been introduced with "a", or two words of content. */
function hasAntecedent(index: number, words: readonly Word[]): boolean {
  const before = words.slice(0, index);
  if (before.some(({ text }) => text === 'a' || text === 'an')) return true;
  return before.filter(({ text }) => !generic.has(text) && !functionWords.has(text)).length >= 2;
}
