import type { Finding, ModelMention, Prompt, Span } from './finding.ts';

/** The model a prompt goes to; undefined where the findings do not say. */
export type ModelOfPrompt = (prompt: Prompt) => ModelMention | undefined;

/**
 * Makes the question which model a prompt goes to: that of the same call, else the findings' only model (named once or
 * often), else unknown. Of several in the call, the nearest. A file of requests has ten thousand prompts and as many
 * mentions: those of a call are found by their place.
 */
export function createModelOfPrompt(findings: readonly Finding[]): ModelOfPrompt {
  const mentions = findings
    .filter((finding): finding is ModelMention => finding.kind === 'model')
    .sort((a, b) => a.span.start - b.span.start);
  const [first] = mentions;
  const only = mentions.every(({ text }) => text === first?.text) ? first : undefined;
  return ({ call, span }) => (call && nearestWithin(mentions, call, span.start)) ?? only;
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
