import { type Facts, longName } from './facts.ts';
import { areOpposed } from './opposites.ts';
import { areTurnedRound, differInOneWord, differInOrder, haveSameContent } from './wordsApart.ts';

/** Which difference of two texts forbids them to share an answer. */
export type Veto =
  | 'number'
  | 'unit'
  | 'quote'
  | 'identifier'
  | 'name'
  | 'negation'
  | 'antonym'
  | 'quantifier'
  | 'comparison'
  | 'direction'
  | 'order'
  | 'tense'
  | 'language'
  | 'questionType'
  | 'wordItself'
  | 'word';

type Guard = readonly [veto: Veto, differs: (a: Facts, b: Facts) => boolean];

const guards: readonly Guard[] = [
  ['number', (a, b) => !sameBag(a.numbers, b.numbers)],
  ['unit', unitsDiffer],
  ['quote', (a, b) => a.quotes.length > 0 && b.quotes.length > 0 && !sameBag(a.quotes, b.quotes)],
  ['identifier', identifiersDiffer],
  ['name', namesDiffer],
  ['negation', (a, b) => !sameBag(negationsOf(a), negationsOf(b))],
  [
    'quantifier',
    wordsOf(
      /^(?:all|every|each|any|only|just|both|none|except|first|last|next|previous|entire|whole|other|another|multiple|several|many|few)$/,
    ),
  ],
  ['antonym', (a, b) => areOpposed(polesOf(a), polesOf(b))],
  [
    'comparison',
    wordsOf(
      /^(?:more|most|less|least|fewer|greater|better|best|worse|worst|than|equal|same|exactly|about|approximately|too|enough|(?:fast|slow|larg|small|bigg|long|short|high|low|new|old|earli|lat|quick|easi|simpl|hard|cheap|strong|weak|clean|saf|near|great|light|heavi|deep|wid)e(?:r|st))$/,
    ),
  ],
  ['tense', wordsOf(/^(?:was|were|did|had|will|would|been|going)$/)],
  [
    'language',
    wordsOf(
      /^(?:english|german|french|spanish|italian|portuguese|dutch|polish|russian|ukrainian|chinese|mandarin|japanese|korean|arabic|hebrew|hindi|turkish|greek|latin|swedish|norwegian|danish|finnish|czech|hungarian|romanian|vietnamese|thai)$/,
    ),
  ],
  ['direction', directionsDiffer],
  ['order', (a, b) => differInOrder(a.canonical, b.canonical) || areTurnedRound(a.stems, b.stems)],
  ['questionType', questionsDiffer],
  ['wordItself', (a, b) => (isAboutWord(a) || isAboutWord(b)) && !sameBag(a.raw, b.raw)],
  ['word', (a, b) => differInOneWord(a.canonical, b.canonical)],
];

/**
 * The first reason for which an answer to one text must not be given to the other; undefined = no objection. Order of the
 * texts does not matter. A guard only objects: that two texts mean the same is for others to say.
 */
export function vetoOf(a: Facts, b: Facts): Veto | undefined {
  return guards.find(([, differs]) => differs(a, b))?.[0];
}

function sameBag(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.toSorted().join('\u0000') === b.toSorted().join('\u0000');
}

/** Of the canonical words: what politeness and synonyms brought in does not count. */
function wordsOf(pattern: RegExp): (a: Facts, b: Facts) => boolean {
  const found = (facts: Facts): string[] => [...new Set(facts.canonical.filter((word) => pattern.test(word)))];
  return (a, b) => !sameBag(found(a), found(b));
}

function polesOf({ words, stems, canonical }: Facts): string[] {
  return [...words, ...stems, ...canonical.map((word) => word.replace(/^~/, ''))];
}

/** `Mb` is not `MB`; anything else may differ in case. */
function unitsDiffer(a: Facts, b: Facts): boolean {
  const units = (facts: Facts): string[] =>
    facts.units.map((unit) => (/^[kmgtp]i?b$/i.test(unit) ? unit.slice(-1) : ''));
  return a.units.length === b.units.length && units(a).join() !== units(b).join();
}

/** Identifiers are compared without case where one side is all small ("node.js"), with it where both have capitals inside. */
function identifiersDiffer(a: Facts, b: Facts): boolean {
  const folded = (facts: Facts): string[] => facts.identifiers.map((id) => foldIdentifier(id));
  const words = (facts: Facts): Set<string> =>
    new Set([...facts.words, ...facts.stems, ...facts.names, ...facts.canonical]);
  const [wordsA, wordsB] = [words(a), words(b)];
  if (folded(a).some((id) => !wordsB.has(id)) || folded(b).some((id) => !wordsA.has(id))) return true;
  const byFold = new Map(a.identifiers.map((id) => [foldIdentifier(id), id]));
  return b.identifiers.some((id) => {
    const other = byFold.get(foldIdentifier(id));
    return other !== undefined && other !== id && isCased(other) && isCased(id);
  });
}

function foldIdentifier(identifier: string): string {
  return longName(identifier.toLowerCase());
}

/** Case says something: there are capitals inside, or dots between parts of which one has a capital. */
function isCased(identifier: string): boolean {
  return /[a-z\d][A-Z]|[A-Z][a-z]+[._:/]|[._:/][A-Za-z]/.test(identifier) && !/^\w+\.js$/i.test(identifier);
}

/** Each name of one text has to stand in the other, whether it is known as a name there or not. */
function namesDiffer(a: Facts, b: Facts): boolean {
  const all = (facts: Facts): Set<string> =>
    new Set([...facts.words, ...facts.stems, ...facts.names, ...facts.canonical]);
  const missing = (from: Facts, other: Set<string>): boolean =>
    from.names.some((name) => !name.split(' ').every((part) => other.has(part) || other.has(part.replace(/s$/, ''))));
  return missing(a, all(b)) || missing(b, all(a));
}

const negating =
  /^(?:not~?|no|never|without|none|nor|neither|nothing|nobody|non|except|unless|lack|lacks|cannot|avoid|stop|prevent)$/;
const skipped = /^(?:to|be|a|an|the|any|i|it|is|are|do|does|have|been)$/;

/** Each negation with the word it negates: "not A and B" is not "A and not B". */
function negationsOf(facts: Facts): string[] {
  const { canonical } = facts;
  return canonical.flatMap((word, index) => {
    if (/^(?:un|in|im|ir|dis|non|mis)[a-z]{4,}$/.test(word)) return [word];
    if (!negating.test(word)) return [];
    if (word === 'not~') return ['not~'];
    const scope = canonical.slice(index + 1).find((next) => !skipped.test(next));
    return [`${word} ${scope ?? ''}`];
  });
}

const directing =
  /^(?:from|to|into|onto|than|before|after|over|under|above|below|by|with|between|as|instead|via|through|until|since)$/;

/** Of these, one that only one text has leads elsewhere; "to", "with" and "as" come and go with the wording. */
const wayward = /^(?:from|into|onto|before|after|over|under|above|below|by|between|instead|through|until|since)$/;

/** What stands behind each preposition that gives a direction or a part to play. */
function directionsDiffer(a: Facts, b: Facts): boolean {
  const directions = (facts: Facts): Map<string, string> => {
    const heads = new Map<string, string>();
    for (const [index, word] of facts.canonical.entries()) {
      if (!directing.test(word)) continue;
      const head = facts.canonical[index + 1] ?? '';
      heads.set(word, [...(heads.get(word)?.split(' ') ?? []), head].toSorted().join(' '));
    }
    return heads;
  };
  const [first, second] = [directions(a), directions(b)];
  const leading = (heads: Map<string, string>): string =>
    [...heads.keys()]
      .filter((word) => wayward.test(word))
      .toSorted()
      .join();
  // Where words of content differ too, what leads where is told by those.
  if (haveSameContent(a.canonical, b.canonical)) {
    if (leading(first) !== leading(second) || areExchanged(a.canonical, b.canonical)) return true;
  }
  return [...first].some(([preposition, heads]) => second.has(preposition) && second.get(preposition) !== heads);
}

const loose = /^(?:to|for|of|with|about|as|against)$/;

/** "Copy in Vim", "copy for Vim": each has a preposition that the other has not. One more or less is only wording. */
function areExchanged(a: readonly string[], b: readonly string[]): boolean {
  const found = (words: readonly string[]): Set<string> =>
    new Set(words.flatMap((word) => (/^(?:in|on|at)$/.test(word) ? ['in'] : loose.test(word) ? [word] : [])));
  const [first, second] = [found(a), found(b)];
  return [...first].some((word) => !second.has(word)) && [...second].some((word) => !first.has(word));
}

function questionsDiffer(a: Facts, b: Facts): boolean {
  if (a.form !== b.form) return true;
  return (a.form === 'other' || a.form === 'yesNo') && a.opening !== b.opening;
}

function isAboutWord(facts: Facts): boolean {
  return facts.words.some((word) =>
    /^(?:spell|spelled|spelling|pronounce|pronounced|synonym|antonym|rhyme|rhymes|conjugate|etymology)$/.test(word),
  );
}
