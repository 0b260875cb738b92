import { totalInputTokens, type Usage } from '../catalog/usage.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { promptTexts } from '../wire/promptTexts.ts';
import type { ReplyFacts } from '../wire/replyFacts.ts';
import { usageOf } from '../wire/usageReading.ts';
import { type Billing, pricedModel } from './attemptRow.ts';
import type { Call } from './call.ts';
import { countTokens } from './countTokens.ts';
import type { PlannedTarget } from './plan.ts';

/**
 * Bills an answer whose provider did not say what it used, by counting. What it did say (the input, in the first event
 * of an Anthropic stream) is kept.
 * @param output everything that was generated, as far as it arrived
 */
export async function estimateBilling(
  call: Call,
  request: ParsedRequest,
  target: PlannedTarget,
  facts: ReplyFacts,
  output: string,
  because: string,
): Promise<Billing> {
  const tokenizer = pricedModel(call, target, facts.model).model?.tokenizer;
  const reported: Usage = facts.usage?.usage ?? {};
  const hasInput = totalInputTokens(reported) > 0;
  const texts = hasInput ? [output] : [...promptTexts(request), output];
  const counts = await countTokens(call, texts, tokenizer);
  const counted = counts.at(-1) ?? 0;
  const input = counts.slice(0, -1).reduce((sum, tokens) => sum + tokens, 0);
  const { output: reportedOutput = 0, reasoning = 0, outputAudio: _audio, ...reportedInput } = reported;
  const usage = usageOf({
    ...(hasInput ? reportedInput : { input }),
    output: Math.max(reportedOutput + reasoning, counted),
  });
  return { kind: 'usage', usage, estimatedBecause: because };
}
