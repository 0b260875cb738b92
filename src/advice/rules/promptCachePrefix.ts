import type { CatalogModel } from '../../catalog/catalog.ts';
import { type Prompt, promptText, type Span } from '../../detect/finding.ts';
import { type Advice, message } from '../advice.ts';
import { tokensText, usdPer1000Calls } from '../figures.ts';
import { moveHoleToEnd } from '../moveHoleToEnd.ts';
import { knownModel, type RuleContext } from '../ruleContext.ts';

/** Fewest tokens of a prefix that providers keep; OpenAI 1,024 in steps of 128, others as much or more. */
const fewestCached: Readonly<Record<string, number>> = {
  openai: 1_024,
  google: 2_048,
  anthropic: 2_048,
  deepseek: 1_024,
  xai: 1_024,
};
const step = 128;

const constant = /^[^A-Za-z]*[A-Z][A-Z\d_]*[^A-Za-z]*$/;
/** What is another text at each call. */
const changing =
  /now\b|today|date|time(?!out)|uuid|random|user|name|email|session|query|question|input|message|text|content|document|\bdoc\b|article|transcript|ticket|request|(?:^|_|[a-z])[iI]d\b|current|history/i;

/** The tokens a prefix of so many is kept with. */
function cached(tokens: number, fewest: number): number {
  return tokens < fewest ? 0 : Math.floor(tokens / step) * step;
}

function firstChangingHole(context: RuleContext, { holes }: Prompt): Span | undefined {
  return holes.find((hole) => {
    const expression = context.text(hole);
    return !constant.test(expression) && changing.test(expression);
  });
}

/** A long prompt with something that changes near its beginning: all behind that is paid in full at every call. */
export async function promptCachePrefix(context: RuleContext): Promise<Advice[]> {
  // Shorter texts cannot have as many tokens.
  const long = context.prompts.filter((prompt) => promptText(prompt).length > 2_000);
  const advice = await Promise.all(long.map((prompt) => adviceOn(context, prompt)));
  return advice.flat();
}

async function adviceOn(context: RuleContext, prompt: Prompt): Promise<Advice[]> {
  const hole = firstChangingHole(context, prompt);
  const model = knownModel(context, context.modelOf(prompt));
  const fewest = model && fewestCached[model.provider];
  if (!hole || !model || fewest === undefined) return [];
  // Anthropic keeps what it is told to keep.
  if (model.provider === 'anthropic' && !/cache_?control/i.test(context.fileText)) return [];
  const before = prompt.parts.filter((part) => part.span.end <= hole.start).map((part) => part.text);
  const counts = await context.count([promptText(prompt), before.join('')], model);
  const [whole, prefix] = counts ?? [];
  if (!whole || !prefix) return [];
  const lost = cached(whole.tokens, fewest) - cached(prefix.tokens, fewest);
  if (lost < fewest || prefix.tokens * 2 > whole.tokens) return [];
  const move = moveHoleToEnd(context.source, prompt, hole);
  return [
    {
      rule: 'prompt-cache-prefix',
      span: hole,
      message: describe(lost, whole.basis === 'estimated', model),
      fixes: move ? [{ kind: 'edit', title: message('Move this line to the end of the prompt'), edits: move }] : [],
    },
  ];
}

function describe(lost: number, estimated: boolean, { id, price }: CatalogModel) {
  const { input, cacheRead } = price?.usdPerMTok ?? {};
  const tokens = tokensText(lost, estimated);
  if (input === undefined || cacheRead === undefined || cacheRead >= input)
    return message(
      'What changes here keeps {1} from reusing the prefix: {0} tokens behind it cannot be cached. Put what stays the same first.',
      tokens,
      id,
    );
  return message(
    'What changes here keeps {1} from reusing the prefix: {0} tokens behind it cannot be cached. With what stays the same first, they would cost about {2} less per 1,000 calls (estimate).',
    tokens,
    id,
    usdPer1000Calls(lost, input - cacheRead),
  );
}
