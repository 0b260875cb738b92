import { type Prompt, promptText } from '../../detect/finding.ts';
import type { TokenCount } from '../../tokens/tokenCount.ts';
import { type Advice, message } from '../advice.ts';
import { tokensText } from '../figures.ts';
import { knownModel, type RuleContext } from '../ruleContext.ts';

/** No tokenizer makes more tokens than bytes of text; four per character covers all. */
const mostTokensPerCharacter = 4;

const leastTokens = (count: TokenCount): number => (count.basis === 'exact' ? count.tokens : count.low);

interface Limit {
  readonly tokens: number;
  readonly model: string;
  readonly alias?: string;
}

function limitOf(context: RuleContext, prompt: Prompt): Limit | undefined {
  const mention = context.modelOf(prompt);
  const { alias } = mention ? context.nameModel(mention.text) : {};
  const model = knownModel(context, mention);
  const limit = alias === undefined ? undefined : context.aliases[alias]?.maxInputTokens;
  if (alias !== undefined && limit !== undefined) return { tokens: limit, model: alias, alias };
  return model?.contextTokens === undefined ? undefined : { tokens: model.contextTokens, model: model.id };
}

/** A prompt whose fixed text alone is longer than its model takes, or than its alias may be given. */
export async function oversizedContext(context: RuleContext): Promise<Advice[]> {
  const advice = await Promise.all(
    context.prompts.map(async (prompt): Promise<Advice[]> => {
      const limit = limitOf(context, prompt);
      const text = promptText(prompt);
      if (!limit || text.length * mostTokensPerCharacter < limit.tokens) return [];
      const [count] = (await context.count([text], knownModel(context, context.modelOf(prompt)))) ?? [];
      if (!count || leastTokens(count) <= limit.tokens) return [];
      const tokens = tokensText(count.tokens, count.basis === 'estimated');
      const most = limit.tokens.toLocaleString('en-US');
      const told =
        limit.alias === undefined
          ? message(
              'This prompt has {0} tokens before anything is filled in, more than the {1} that {2} takes. Shorten it, or choose a model with a longer window.',
              tokens,
              most,
              limit.model,
            )
          : message(
              'This prompt has {0} tokens before anything is filled in, more than the {1} that tollgate.jsonc allows the alias {2} (maxInputTokens). Shorten it, or raise the limit.',
              tokens,
              most,
              limit.model,
            );
      return [{ rule: 'oversized-context', span: prompt.span, message: told, fixes: [] }];
    }),
  );
  return advice.flat();
}
