/** What a text is made of: tokenizers differ by a quarter in prose and by half in Chinese. */
export type ContentClass = 'prose' | 'code' | 'json' | 'cjk';

/** Shares of the content classes; they sum to 1. */
export type ContentMix = Readonly<Partial<Record<ContentClass, number>>>;

const sampleLength = 4000;
const cjkLetters = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
const codeSigns = /[{}()[\];=<>_$&|+*/\\]/g;
const jsonBegin = /^\s*[[{]\s*(?:"|\{|\[|\d|\]|\})/;
const jsonSigns = /"(?:[^"\\\n]|\\.)*"\s*[:,\]}]/g;

/** Beginning, middle and end of a long text. */
function sample(text: string): string {
  if (text.length <= sampleLength) return text;
  const third = Math.floor(sampleLength / 3);
  const middle = Math.floor((text.length - third) / 2);
  return text.slice(0, third) + text.slice(middle, middle + third) + text.slice(-third);
}

function latinClass(text: string, letters: number): Exclude<ContentClass, 'cjk'> {
  if (jsonBegin.test(text) && (text.match(jsonSigns)?.length ?? 0) * 30 > text.length) return 'json';
  const signs = text.match(codeSigns)?.length ?? 0;
  return signs > letters * 0.08 ? 'code' : 'prose';
}

/** Tells content classes apart by their characters, on a sample of at most 4,000. */
export function contentMix(text: string): ContentMix {
  const sampled = sample(text);
  const visible = sampled.replace(/\s+/g, '').length;
  if (visible === 0) return { prose: 1 };
  const cjk = Math.min(1, (sampled.match(cjkLetters)?.length ?? 0) / visible);
  const rest = latinClass(sampled, visible);
  if (cjk === 0) return { [rest]: 1 };
  return cjk > 0.9 ? { cjk: 1 } : { cjk, [rest]: 1 - cjk };
}
