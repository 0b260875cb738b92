import type { Finding, ModelMention, Prompt } from './finding.ts';

/**
 * The model a prompt goes to: that of the same call, else the file's only model (named once or often), else unknown.
 * Of several in the call, the nearest.
 */
export function modelOfPrompt(findings: readonly Finding[], prompt: Prompt): ModelMention | undefined {
  const mentions = findings.filter((finding): finding is ModelMention => finding.kind === 'model');
  const { call } = prompt;
  if (call) {
    const distance = ({ span }: ModelMention): number => Math.abs(span.start - prompt.span.start);
    const inCall = mentions.filter(({ span }) => span.start >= call.start && span.end <= call.end);
    const nearest = inCall.toSorted((a, b) => distance(a) - distance(b))[0];
    if (nearest) return nearest;
  }
  const [first] = mentions;
  return mentions.every(({ text }) => text === first?.text) ? first : undefined;
}
