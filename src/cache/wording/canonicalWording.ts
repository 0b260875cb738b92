import { applied, exchanged, keepCommandNames, shortNames, withCommonRequests } from './exchange.ts';
import { isTerm, ofPhrase, toolBeside } from './nounPhrases.ts';
import { withoutOpeners } from './openers.ts';
import { type FormedText, type QuestionForm, readForm } from './questionForms.ts';
import { readWords, type Word } from './readWords.ts';
import { expandContraction, singular, unifyNumber, unifySpelling } from './spelling.ts';
import { compounds } from './synonyms.ts';

/** A text's wording with everything taken out that does not change the answer. Equal keys = the same question, unless a guard objects. */
export interface CanonicalWording {
  readonly form: QuestionForm;
  /** Form and canonical words, in order. */
  readonly key: string;
  /** The text's own words, for the guards. */
  readonly words: readonly Word[];
}

/** Canonical form of an English question or request of a sentence or two. */
export function canonicalWording(text: string): CanonicalWording {
  const words = readWords(text);
  const { text: opened, embedded } = withoutOpeners(wordText(words));
  const { form, rest } = explanation(readForm(opened, embedded));
  return { form, key: `${form}: ${canonicalRest(form, rest)}`, words };
}

/** "Explain X" of a bare noun phrase asks what X is. */
function explanation(formed: FormedText): FormedText {
  if (formed.form !== 'request') return formed;
  const term = /^(?:explain|describe) (?:, )?((?:\S+ ){0,3}\S+)$/.exec(formed.rest)?.[1];
  if (term === undefined || !isTerm(term)) return formed;
  return { form: 'what', rest: term };
}

/** Words and marks as one line: names begin with `^`, code with `=`, quotes with `"`, so that prose rules do not touch them. */
function wordText(words: readonly Word[]): string {
  const parts = words.map((word) => {
    switch (word.kind) {
      case 'word':
        return proseWord(word.text);
      case 'name':
        return `^${unifySpelling(word.text).replaceAll('-', ' ^')}`;
      case 'code':
        return `=${word.text.replaceAll(/\s/g, '\u00a0')}`;
      case 'quoted':
        return `"${word.text.replaceAll(/\s/g, '\u00a0')}`;
      default:
        return word.text;
    }
  });
  return applied(parts.join(' '), compounds);
}

function proseWord(text: string): string {
  const expanded = expandContraction(text);
  if (expanded !== text) return expanded;
  return text.split('-').map(unifySpelling).map(unifyNumber).join(' ');
}

/** Tasks about a word itself: no other word will do. */
const aboutWords =
  /(?:^| )(?:translate|translation|spell|spelled|spelling|pronounce|conjugate|synonyms?|antonyms?|rhymes?|words?|phrase|letters?|etymology|plural|stand for|called|named|difference)(?: |$)/;

function canonicalRest(form: QuestionForm, rest: string): string {
  if (form === 'difference') return unordered(withoutArticles(singulars(rest)));
  if (form === 'mean' || aboutWords.test(rest)) return plainest(withoutArticles(rest));
  let text = rest;
  if (form === 'what') text = alternatives(text.replace(/^the (?=[^\s^=]+$)/, 'the~ ').replace(someOfThem, ''));
  if (form === 'howTo') text = text.replace(/ (?:easily|properly|correctly|effectively|successfully)$/, '');
  text = text.replace(/(?<=(?:^| )(?:best|worst|greatest) .*) (?:ever|of all time|in the world)$/, '');
  if (form === 'howTo') text = text.replaceAll(/(?<!\S)our(?!\S)/g, 'my');
  text = withCommonRequests(shortNames(text));
  // The term a definition is asked of is its own name: "folder" and "directory" are two terms.
  if (form !== 'what' || / /.test(text.replace(/^(?:an?|the) /, ''))) text = exchanged(keepCommandNames(text));
  if (form !== 'yesNo' && form !== 'can' && (form !== 'request' || text.startsWith('~explain '))) {
    text = singulars(text);
  }
  text = withoutArticles(text);
  return plainest(toolBeside(ofPhrase(text, form), form));
}

/** "What are some good books on X" asks what books there are; "which are the best" does not. */
const someOfThem = /^(?:some )(?:good |great |useful )?(?=\S+ )|^some of the (?=best )/;

/** "Better, A or B": the order of what is compared does not matter. */
function alternatives(text: string): string {
  const match = /^(better|best|worse) (?:, )?((?:[^\s,]+ ){1,3})or ((?:[^\s,]+ ?){1,3})$/.exec(text);
  if (match === null) return text;
  const [, quality = '', first = '', second = ''] = match;
  return `${quality} ${[first.trim(), second.trim()].toSorted().join(' or ')}`;
}

function withoutArticles(text: string): string {
  return text.replaceAll(/(?<!\S)(?:a|an|the) (?=\S)/g, '');
}

const definite = new Set(
  'the the~ my our your his her their its these those all both some any many several multiple few most every each'.split(
    ' ',
  ),
);
const endsPhrase = new Set(
  'a an in on with for from to at by using of is are do and or that which when if than as between into , .'.split(' '),
);

/**
 * "Closures" and "a closure" ask for the same; "the best editors" and "the best editor" do not. So a plural stays where it
 * is told which ones are meant.
 */
function singulars(text: string): string {
  let isDefinite = false;
  return text
    .split(' ')
    .map((token) => {
      if (definite.has(token) || /^\d/.test(token)) isDefinite = true;
      else if (endsPhrase.has(token)) isDefinite = false;
      const [, mark = '', word = ''] = /^([\^~]?)([a-z]+)$/.exec(token) ?? [];
      return word === '' || isDefinite ? token : `${mark}${singular(word, mark === '^')}`;
    })
    .join(' ');
}

/** "A and B" as "B and A": a difference has no direction. */
function unordered(text: string): string {
  const bare = plainest(text);
  const match = /^(.+) and (.+?)((?: (?:in|for|when|with|on) .+)?)$/.exec(bare);
  if (match === null || bare.split(' and ').length !== 2) return bare;
  const [, first = '', second = '', tail = ''] = match;
  return `${[first, second].toSorted().join(' and ')}${tail}`;
}

/** Marks of names and of commas gone; the end of a sentence inside the text stays. */
function plainest(text: string): string {
  return text
    .split(' ')
    .filter((token) => token !== ',' && token !== '')
    .map((token) => {
      if (token === '.') return '|';
      // Quotes around plain prose are emphasis.
      if (/^"[a-z\u00a0]+$/.test(token)) return token.slice(1).replaceAll('\u00a0', ' ');
      return token.replace(/^[\^=](?=.)/, '');
    })
    .join(' ');
}
