import type { CatalogModel } from '../../catalog/catalog.ts';
import { formatUsd } from '../../catalog/formatUsd.ts';
import type { ModelApi, ModelCall } from '../../detect/calls/modelCall.ts';
import { type Advice, type Fix, message } from '../advice.ts';
import { insertKey } from '../insertKey.ts';
import { knownModel, type RuleContext } from '../ruleContext.ts';

/** Anthropic's API refuses a call without a limit: it needs no advice. */
const limitKeys: Readonly<Partial<Record<ModelApi, RegExp>>> = {
  openaiChat: /^max_(?:completion_|output_)?tokens(?:_to_sample)?$/,
  openaiResponses: /^max_output_tokens$/,
  aiSdk: /^max_(?:output_)?tokens$/,
  litellm: /^max_(?:completion_)?tokens$/,
  gemini: /^max_output_tokens$/,
};
/** Keys under which further keys may be. */
const nested = /^(?:config|generation_config|request_options|extra_body|parameters|body|model_kwargs)$/;
const limitAnywhere = /max_?(?:output_?|completion_?)?tokens/i;
/** The keys of a request: a call that shows none of them is no request written out. */
const requestKey = /^(?:messages|input|prompt|contents|model|system|instructions)$/;
const reasoning = /^(?:o\d|gpt-[5-9])/;

function lacksLimit(call: ModelCall, limit: RegExp): boolean {
  if (call.open || ![...call.keys.keys()].some((key) => requestKey.test(key))) return false;
  for (const [key, { text }] of call.keys) {
    if (limit.test(key)) return false;
    if (nested.test(key) && (limitAnywhere.test(text) || /^[\w.$]+$/.test(text))) return false;
  }
  return true;
}

/** Where a file sets a limit on something shared (Gemini's model object, a helper), its calls may have it. */
const isSetElsewhere = (call: ModelCall, text: string): boolean => call.api === 'gemini' && limitAnywhere.test(text);

function fixOf(context: RuleContext, call: ModelCall, model: CatalogModel | undefined): Fix[] {
  const isScript = context.source.languageId !== 'python';
  const thinks = model !== undefined && reasoning.test(model.id);
  const value = thinks ? '8192' : '1024';
  const name =
    call.api === 'openaiResponses'
      ? 'max_output_tokens'
      : call.api === 'openaiChat' && model?.provider === 'openai'
        ? 'max_completion_tokens'
        : call.api === 'aiSdk' && isScript && /\bmaxOutputTokens\b|\binstructions:|stopWhen/.test(context.source.text)
          ? 'maxOutputTokens'
          : undefined;
  const edit = name && insertKey(context.source, call, name, value);
  return edit
    ? [
        {
          kind: 'edit',
          title: message('Limit the answer to {0} tokens', Number(value).toLocaleString('en-US')),
          edits: [edit],
        },
      ]
    : [];
}

/** A call that says nothing about how long the answer may be. */
export function missingMaxTokens(context: RuleContext): Advice[] {
  return context.calls.flatMap((call): Advice[] => {
    const limit = limitKeys[call.api];
    if (!limit || !lacksLimit(call, limit) || isSetElsewhere(call, context.fileText)) return [];
    const mention = context.modelOfCall(call);
    const alias = mention && context.nameModel(mention.text).alias;
    if (alias !== undefined && context.aliases[alias]?.maxOutputTokens !== undefined) return [];
    const model = knownModel(context, mention);
    return [
      { rule: 'missing-max-tokens', span: call.name, message: describe(model), fixes: fixOf(context, call, model) },
    ];
  });
}

function describe(model: CatalogModel | undefined) {
  const { maxOutputTokens, price } = model ?? {};
  const output = price?.usdPerMTok.output;
  if (!model || maxOutputTokens === undefined || output === undefined)
    return message(
      'This call sets no limit on the answer: its cost has no upper bound. Set the number of tokens that a good answer needs.',
    );
  return message(
    'This call sets no limit on the answer: one answer of {0} may be up to {1} tokens long and cost {2}. Set the number of tokens that a good answer needs.',
    model.id,
    maxOutputTokens.toLocaleString('en-US'),
    formatUsd(Math.round(maxOutputTokens * output * 1e6)),
  );
}
