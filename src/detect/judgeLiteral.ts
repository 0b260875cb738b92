import type { Finding, ModelMention, Prompt, Span } from './finding.ts';
import { identifierWords } from './identifierWords.ts';
import { type Candidate, requestSpan, selectsModel } from './rules/candidate.ts';
import { judgeModel } from './rules/judgeModel.ts';
import { judgePrompt } from './rules/judgePrompt.ts';
import type { ModelTextReader } from './rules/modelText.ts';
import type { PromptVerdict } from './rules/promptVerdict.ts';

/** What a literal is: a mention, a prompt, or nothing of the kind. */
export function judgeLiteral(candidate: Candidate, models: ModelTextReader): Finding | undefined {
  const { literal, context, evidence } = candidate;
  if (literal.bytes) return undefined;
  if (literal.content) {
    const given = evidence.llm ? defaultOfSetting(literal.text, literal.content) : undefined;
    if (given && /^(?:known|shaped)$/.test(models.read(given.text))) return settingMention(candidate, given);
    const kind = models.read(literal.text);
    if (kind !== 'no' && judgeModel(candidate, kind)) return mentionOf(candidate, literal.content);
  }
  // Text inside an interpolation of another literal is part of that one.
  const isNested = context.steps.some((step) => step.kind === 'end' && step.by === 'hole');
  const verdict = evidence.prompts && !isNested ? judgePrompt(candidate) : undefined;
  return verdict && promptOf(candidate, verdict);
}

/** `gpt-4o` of `@Value("${chat.model:gpt-4o}")`: the default of a setting whose key says model. */
function defaultOfSetting(
  text: string,
  { start, end }: Span,
): { readonly text: string; readonly span: Span } | undefined {
  const [, key = '', id = ''] = /^\$\{([\w.-]+):([\w.:@/-]+)\}$/.exec(text) ?? [];
  if (end - start !== text.length || !selectsModel(identifierWords(key.split('.').at(-1) ?? ''))) return undefined;
  return { text: id, span: { start: start + key.length + 3, end: end - 1 } };
}

const settingMention = (
  candidate: Candidate,
  { text, span }: { readonly text: string; readonly span: Span },
): ModelMention => ({
  kind: 'model',
  span,
  literal: candidate.literal.span,
  text,
  replaceable: false,
  ...callOf(candidate),
});

function mentionOf(candidate: Candidate, span: ModelMention['span']): ModelMention {
  const [first] = candidate.context.steps;
  const { literal } = candidate;
  return {
    kind: 'model',
    span,
    literal: literal.span,
    text: literal.text,
    replaceable: true,
    ...(first?.kind === 'attribute' && first.form === 'literal' ? { inMarkup: true } : {}),
    ...callOf(candidate),
  };
}

function promptOf(candidate: Candidate, verdict: PromptVerdict): Prompt {
  const { span, parts, holes } = candidate.literal;
  return { kind: 'prompt', span, parts, holes, ...verdict, ...callOf(candidate) };
}

/** The call or object that a finding is part of the request of. */
export function callOf(candidate: Candidate): Pick<Prompt, 'call'> {
  const call = requestSpan(candidate);
  return call ? { call } : {};
}
