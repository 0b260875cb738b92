import type { Finding, ModelMention, Prompt, Span } from './finding.ts';
import { createModelByName } from './modelByName.ts';

/** The model a prompt goes to; undefined where the findings do not say. */
export type ModelOfPrompt = (prompt: Prompt) => ModelMention | undefined;

/**
 * Makes the question which model a prompt goes to: that of the same call, else the findings' only model (named once or
 * often), else the one that a name in the call leads to, else unknown. Of several in the call, the nearest. A file of requests has ten thousand prompts and as many
 * mentions: those of a call are found by their place.
 * @param source of the findings; without it names are not followed
 */
export function createModelOfPrompt(findings: readonly Finding[], source = ''): ModelOfPrompt {
  const mentions = findings
    .filter((finding): finding is ModelMention => finding.kind === 'model')
    .sort((a, b) => a.span.start - b.span.start);
  const [first] = mentions;
  const only = mentions.every(({ text }) => text === first?.text) ? first : undefined;
  const byName = only || source === '' ? undefined : createModelByName(source, mentions);
  return (prompt) =>
    (prompt.call && nearestWithin(mentions, prompt.call, prompt.span.start)) ?? only ?? byName?.(prompt);
}

/** @param mentions in the order of their places */
function nearestWithin(mentions: readonly ModelMention[], call: Span, to: number): ModelMention | undefined {
  let nearest: ModelMention | undefined;
  const distance = (mention: ModelMention): number => Math.abs(mention.span.start - to);
  for (let at = firstFrom(mentions, call.start); at < mentions.length; at++) {
    const mention = mentions[at];
    if (!mention || mention.span.start >= call.end) break;
    if (mention.span.end <= call.end && (!nearest || distance(mention) < distance(nearest))) nearest = mention;
  }
  return nearest;
}

/** Index of the first that begins at or after an offset. */
function firstFrom(mentions: readonly ModelMention[], offset: number): number {
  let low = 0;
  let high = mentions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((mentions[middle]?.span.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
