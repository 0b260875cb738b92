import { nearestName } from '../../config/nearestName.ts';
import { type Advice, message } from '../advice.ts';
import { namesItself } from '../namesItself.ts';
import type { RuleContext, Selecting } from '../ruleContext.ts';

/** Families that the price list has whole: what is not in it is misspelt, newer than the list, or somebody's own. */
const listedFamily = /^(?:(?:openai|anthropic|google|gemini|models)\/)?(?:gpt-\d|o\d|claude-|gemini-)/;
const listedProviders = new Set(['openai', 'anthropic', 'google']);
/** Names of models are the user's own there. */
const ownNames = /azure|ollama|lm.?studio|vllm|llama.?cpp|localhost|127\.0\.0\.1|base_?url/i;
/** Sold by the second, the image or the session: no price per token is listed. */
const otherUnit = /image|audio|realtime|transcribe|tts|whisper|live|video|search|embedding/i;

const digits = (text: string): string => text.replace(/\D+/g, '.').replace(/^\.|\.$/g, '');
const lastPart = (text: string): string => text.slice(text.lastIndexOf('/') + 1);

/** A known id of the same numbers that differs by a slip of the hand. */
function intendedModel(context: RuleContext, text: string): string | undefined {
  const written = lastPart(text);
  const candidates = [...context.catalog.models()]
    .filter(({ provider, id }) => listedProviders.has(provider) && digits(id) === digits(written))
    .map(({ id }) => id)
    .filter((id) => Math.abs(id.length - written.length) <= 2 && id.charAt(0) === written.charAt(0));
  return written.length < 6 ? undefined : nearestName(written, candidates);
}

function adviceOn(context: RuleContext, mention: Selecting): Advice[] {
  const { alias, lookup } = context.nameModel(mention.text);
  const { text } = mention;
  if (mention.kind !== 'model' || alias !== undefined || lookup.kind === 'known') return [];
  if (!listedFamily.test(text) || /[:_@]/.test(text) || otherUnit.test(text) || ownNames.test(context.fileText))
    return [];
  if (namesItself(context.source.text, mention)) return [];
  const intended = intendedModel(context, text);
  const base = { rule: 'unknown-model', span: mention.span } as const;
  if (intended === undefined) {
    const unpriced =
      'The prices of {0} do not know the model {1}: its calls count as unpriced, and limits on spending do not hold for them. Check the name, update the prices, or set one in prices.overrides of tollgate.jsonc.';
    return [{ ...base, message: message(unpriced, context.catalog.asOf, text), fixes: [] }];
  }
  const newText = text.slice(0, text.length - lastPart(text).length) + intended;
  const fix = {
    kind: 'edit',
    title: message('Change to {0}', newText),
    edits: [{ span: mention.span, newText }],
  } as const;
  const misspelt = 'The prices of {0} do not know the model {1}. Was {2} meant?';
  return [{ ...base, message: message(misspelt, context.catalog.asOf, text, newText), fixes: [fix] }];
}

/** A model id of a family whose models are all listed, which is not among them. */
export function unknownModel(context: RuleContext): Advice[] {
  return context.models.flatMap((mention) => adviceOn(context, mention));
}
