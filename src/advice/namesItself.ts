import type { Selecting } from './ruleContext.ts';

const letters = (text: string): string => text.toLowerCase().replace(/[^a-z\d]/g, '');

/** A constant named after its model, `GPT_4_TURBO = "gpt-4-turbo"`: an entry of a list of all models, no choice of one. */
export function namesItself(source: string, mention: Selecting): boolean {
  if (mention.kind !== 'model') return false;
  const { start } = mention.literal;
  const before = letters(source.slice(source.lastIndexOf('\n', start - 1) + 1, start));
  return before.includes(letters(mention.text.slice(mention.text.lastIndexOf('/') + 1)));
}
