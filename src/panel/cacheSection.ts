import { cacheHits, exactShadows, hitKinds, semanticShadows } from './cacheOutcomes.ts';
import { element, type PanelElement, type PanelNode } from './element.ts';
import type { PanelTotals } from './spend.ts';
import { button } from './stateMessages.ts';
import type { ViewContext } from './view.ts';

/** What the cache answered, and what it could have. */
export function cacheSection(totals: PanelTotals, context: ViewContext): PanelElement {
  const { say } = context.words;
  return element(
    'section',
    'cache',
    [
      element('h2', '', [say('cache')], { attributes: { id: 'cache-title' } }),
      cacheHits(totals) === 0 ? element('p', 'none', [say('hitsNone')]) : hits(totals, context),
      shadow(totals, context),
      judging(totals, context),
    ],
    { key: 'cache', attributes: { 'aria-labelledby': 'cache-title' } },
  );
}

function hits(totals: PanelTotals, { words: { say, count, money } }: ViewContext): PanelNode {
  return element('ul', 'hits', [
    ...hitKinds
      .filter(({ outcome }) => (totals.cacheOutcomes[outcome] ?? 0) > 0)
      .map(({ outcome, title }) =>
        element(
          'li',
          '',
          [element('strong', '', [count(totals.cacheOutcomes[outcome] ?? 0)]), ' ', element('span', '', [say(title)])],
          { key: outcome },
        ),
      ),
    element(
      'li',
      'saved',
      [element('strong', '', [money(totals.savedPicoUsd)]), ' ', element('span', '', [say('savedByCache')])],
      { key: 'saved' },
    ),
  ]);
}

/** Where other wording was answered, or could have been: its owner says whether that was right. */
function judging({ cacheOutcomes }: PanelTotals, { words: { say }, run }: ViewContext): PanelNode | undefined {
  const reworded = (['hitWording', 'hitSemantic', 'shadowWording', 'shadowSemantic'] as const).some(
    (outcome) => (cacheOutcomes[outcome] ?? 0) > 0,
  );
  if (!reworded) return undefined;
  return element('div', 'actions', [button(say('judgeCache'), 'secondary', () => run('judgeCache'))]);
}

function shadow(totals: PanelTotals, context: ViewContext): PanelNode | undefined {
  const { say, count, money } = context.words;
  const exact = exactShadows(totals);
  const semantic = semanticShadows(totals);
  if (exact + semantic === 0) return undefined;
  const body = say('shadowBody', count(exact + semantic), count(totals.calls), money(totals.shadowSavedPicoUsd));
  return element('div', 'shadow', [
    element('h3', '', [say('shadowTitle')]),
    element('p', '', [body]),
    element('p', 'why', [say('shadowWhy')]),
    element(
      'div',
      'actions',
      [
        exact > 0 ? button(say('enableExact'), 'secondary', () => context.run('enableExactCache')) : undefined,
        semantic > 0 ? button(say('enableSemantic'), 'secondary', () => context.run('enableSemanticCache')) : undefined,
      ].filter((child) => child !== undefined),
    ),
  ]);
}
