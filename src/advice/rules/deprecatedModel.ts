import type { CatalogModel } from '../../catalog/catalog.ts';
import { type Advice, type Fix, type Message, message } from '../advice.ts';
import { namesItself } from '../namesItself.ts';
import { knownModel, type RuleContext, type Selecting } from '../ruleContext.ts';

/** `provider/id`, `models/id` or the id alone: forms in which another id can stand. */
const plainForm = /^((?:[\w-]+\/)?)[A-Za-z][\w.-]*$/;

function fixOf(mention: Selecting, { successor }: CatalogModel): Fix[] {
  const prefix = plainForm.exec(mention.text)?.[1];
  if (mention.kind !== 'model' || successor === undefined || prefix === undefined) return [];
  const newText = prefix + successor;
  return [{ kind: 'edit', title: message('Change to {0}', newText), edits: [{ span: mention.span, newText }] }];
}

function describe(mention: Selecting, { deprecatedOn, successor }: CatalogModel, today: string): Message {
  const instead = successor ?? '';
  if (deprecatedOn === undefined)
    return successor === undefined
      ? message('The provider calls {0} deprecated.', mention.text)
      : message('The provider calls {0} deprecated; {1} takes its place.', mention.text, instead);
  if (deprecatedOn <= today)
    return successor === undefined
      ? message('Since {1}, {0} is deprecated or no longer served: its calls may fail.', mention.text, deprecatedOn)
      : message(
          'Since {1}, {0} is deprecated or no longer served: its calls may fail. {2} takes its place.',
          mention.text,
          deprecatedOn,
          instead,
        );
  return successor === undefined
    ? message('From {1}, {0} is deprecated or no longer served.', mention.text, deprecatedOn)
    : message(
        'From {1}, {0} is deprecated or no longer served; {2} takes its place.',
        mention.text,
        deprecatedOn,
        instead,
      );
}

/** A model that its provider has given up, or will. */
export function deprecatedModel(context: RuleContext): Advice[] {
  return context.models.flatMap((mention): Advice[] => {
    const model = knownModel(context, mention);
    if (!model || context.nameModel(mention.text).alias !== undefined) return [];
    if (namesItself(context.source.text, mention)) return [];
    if (model.deprecated === undefined && model.deprecatedOn === undefined) return [];
    return [
      {
        rule: 'deprecated-model',
        span: mention.span,
        message: describe(mention, model, context.today),
        fixes: fixOf(mention, model),
      },
    ];
  });
}
