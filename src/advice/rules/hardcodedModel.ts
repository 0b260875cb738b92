import type { ModelMention, SourceText } from '../../detect/finding.ts';
import { type Advice, message } from '../advice.ts';
import { mapLanguage } from '../mapLanguage.ts';
import { namesItself } from '../namesItself.ts';
import type { RuleContext } from '../ruleContext.ts';

/** The model is what remains when a setting is not made: it can be changed without an edit already. */
const setting =
  /getenv|environ|process\.env|import\.meta\.env|\benv[.([]|config\w*\.|settings?\.|Setting|\?\?|\|\||\bor\s*$|add_argument|\.option\(|ArgumentParser|Field\(/;

function isDefaultOfSetting({ text }: SourceText, { literal }: ModelMention): boolean {
  const lineStart = text.lastIndexOf('\n', literal.start - 1) + 1;
  return setting.test(text.slice(lineStart, literal.start));
}

/** One of a list with a line each: a choice to offer, not a choice made. */
function isListed({ text }: SourceText, { literal }: ModelMention): boolean {
  const lineStart = text.lastIndexOf('\n', literal.start - 1) + 1;
  return (
    text.slice(lineStart, literal.start).trim() === '' && /^,[ \t]*\r?\n\s*(?:["'`\])])/.test(text.slice(literal.end))
  );
}

/** A model id written into code that could import the workspace's model map. */
export function hardcodedModel(context: RuleContext): Advice[] {
  const { source, models } = context;
  if (mapLanguage(source) === undefined) return [];
  const mentions = models.filter((model): model is ModelMention => model.kind === 'model' && model.replaceable);
  return mentions.flatMap((mention): Advice[] => {
    const { alias, lookup } = context.nameModel(mention.text);
    if (alias !== undefined || lookup.kind === 'unknown') return [];
    if (isDefaultOfSetting(source, mention) || isListed(source, mention)) return [];
    if (namesItself(source.text, mention)) return [];
    return [
      {
        rule: 'hardcoded-model',
        span: mention.span,
        // Without its price: the lens above and the hover below say it.
        message: message(
          'The model {0} is written into the code. Under an alias it can be exchanged in tollgate.jsonc without an edit here.',
          mention.text,
        ),
        fixes: [
          {
            kind: 'useAlias',
            title: message('Use an alias for {0}…', mention.text),
            offset: mention.span.start,
            text: mention.text,
          },
        ],
      },
    ];
  });
}
