import { modelSize } from '../../catalog/modelSize.ts';
import { type Prompt, promptText } from '../../detect/finding.ts';
import { type Advice, type Fix, message } from '../advice.ts';
import { cheaperSibling } from '../cheaperSibling.ts';
import { tokensText, usdPer1000Calls } from '../figures.ts';
import { isWithin, knownModel, type RuleContext, type Selecting, tokensOf } from '../ruleContext.ts';

/** The instruction that a small model follows as well, at the beginning of a sentence. */
const simpleTask =
  /(?:^|[.!?:\n]\s*|\b(?:please|to|you)\s+)(?:(?:classif(?:y|ies)|categori[sz]e) (?:the|this|each|following|these|whether|an?|incoming|user)\b|(?:determine|detect|identify|analy[sz]e) the (?:overall )?(?:sentiment|language|tone)\b|extract (?:the|all|key|structured)\b|summari[sz]e (?:the|this|following|these|what)\b|(?:answer|respond|reply) (?:only )?(?:with )?(?:only )?["'“]?(?:yes|true)["'”]? or ["'“]?(?:no|false)\b)/i;
/** More of an instruction than a simple task has. */
const mostTokens = 500;
/** An instruction says what it is about in its first sentences; characters. */
const opening = 240;
/** Models for more than text are not chosen for their rank. */
const otherInput = /audio|vision|realtime|image|search|computer|deep-research/;
/** The request does more than ask: agents, tools, reasoning. */
const hardKey =
  /(?<![\w"'`])["']?(?:tools?|functions?|members|handoffs|sub_?agents|mcp_?servers|reasoning\w*|thinking\w*|stop_?when|max_?steps)["']?\s*[=:(]/i;
const hardWords =
  /step[- ]by[- ]step|chain[- ]of[- ]thought|\breason(?:ing)? (?:about|through|carefully)|\bcode\b|\blegal\b|\bmedical\b/i;

interface Question {
  readonly mention: Selecting;
  readonly prompts: readonly Prompt[];
}

/** The prompts of each request that names its model itself, by that model. */
function questions(context: RuleContext): Question[] {
  const byModel = new Map<Selecting, Prompt[]>();
  for (const prompt of context.prompts) {
    const mention = context.modelOf(prompt);
    if (!mention || !prompt.call || !isWithin(mention.span, prompt.call)) continue;
    byModel.set(mention, [...(byModel.get(mention) ?? []), prompt]);
  }
  return [...byModel].map(([mention, prompts]) => ({ mention, prompts }));
}

function isSimple(context: RuleContext, { prompts }: Question): boolean {
  const asking = prompts.filter(({ role }) => role !== 'assistant' && role !== 'tool').map(promptText);
  const request = prompts.find(({ call }) => call)?.call;
  if (request && hardKey.test(context.text(request))) return false;
  return asking.some((text) => simpleTask.test(text.slice(0, opening))) && !asking.some((text) => hardWords.test(text));
}

/** A short instruction to classify, extract or summarise, sent to a provider's dearest rank. */
export async function flagshipForSimpleTask(context: RuleContext): Promise<Advice[]> {
  const simple = questions(context).filter((question) => isSimple(context, question));
  const advice = await Promise.all(simple.map((question) => adviceOn(context, question)));
  return advice.flat();
}

async function adviceOn(context: RuleContext, { mention, prompts }: Question): Promise<Advice[]> {
  const model = knownModel(context, mention);
  if (!model || modelSize(model.price) !== 'flagship' || otherInput.test(mention.text)) return [];
  const cheaper = cheaperSibling(model, context.catalog);
  const counted = await tokensOf(context, prompts, model);
  if (!cheaper || !counted || counted.tokens > mostTokens) return [];
  const { input, output } = cheaper.saved;
  const fixes: Fix[] =
    mention.kind === 'model' && mention.text.endsWith(model.id)
      ? [replace(mention, mention.text.slice(0, -model.id.length) + cheaper.id)]
      : [];
  return [
    {
      rule: 'flagship-for-simple-task',
      span: mention.span,
      message: message(
        'A simple task for {0}: {1} does such tasks for less. Its {2} input tokens would save about {3} per 1,000 calls, each 100 tokens of answer about {4} more (estimates; try it on your own data).',
        mention.text,
        cheaper.id,
        tokensText(counted.tokens, counted.estimated),
        usdPer1000Calls(counted.tokens, input),
        usdPer1000Calls(100, output),
      ),
      fixes,
    },
  ];
}

function replace(mention: Selecting, newText: string): Fix {
  return { kind: 'edit', title: message('Change to {0}', newText), edits: [{ span: mention.span, newText }] };
}
