import { element, type PanelElement, type PanelNode } from './element.ts';
import type { Words } from './words.ts';

/*
 * What the panel reads of the report on routes. The router's own report fits these shapes, which the compiler checks where
 * one is handed over; they are written out because this room runs in a browser and knows no router.
 */

export interface PanelTier {
  readonly rule: string;
  readonly alias: string;
  readonly calls: number;
  readonly failed: number;
  readonly faults: Readonly<Record<string, number | undefined>>;
  readonly errorRate?: { readonly share: number; readonly low: number; readonly high: number };
}

export interface PanelRoutes {
  readonly tiers: readonly PanelTier[];
  readonly guards: readonly {
    readonly rule: string;
    readonly use: string;
    readonly now: string;
    readonly up: number;
  }[];
}

/** How the tiers of each route do; nothing where nothing was routed. */
export function routesSection(routes: PanelRoutes | undefined, words: Words): PanelElement[] {
  if (routes === undefined || routes.tiers.length === 0) return [];
  const { say } = words;
  const moved = routes.guards.filter(({ up }) => up > 0);
  const headings = [say('routeAndTier'), say('calls'), say('failedAnswers'), say('faults')];
  return [
    element(
      'section',
      'groups routes',
      [
        element('h2', '', [say('routes')], { attributes: { id: 'routes-title' } }),
        ...moved.map(({ rule, use, now }) => element('p', 'why', [say('routeMoved', rule, use, now)], { key: rule })),
        element(
          'table',
          '',
          [
            element('thead', '', [
              element(
                'tr',
                '',
                headings.map((text, index) =>
                  element('th', index === 0 || index === 3 ? '' : 'number', [text], { attributes: { scope: 'col' } }),
                ),
              ),
            ]),
            element(
              'tbody',
              '',
              routes.tiers.map((tier) => row(tier, words)),
            ),
          ],
          { attributes: { 'aria-labelledby': 'routes-title' } },
        ),
      ],
      { key: 'routes' },
    ),
  ];
}

function row({ rule, alias, calls, failed, faults, errorRate }: PanelTier, { say, count }: Words): PanelNode {
  const rate =
    errorRate === undefined
      ? ''
      : say('errorRate', tenths(errorRate.share), tenths(errorRate.low), tenths(errorRate.high));
  const found = Object.entries(faults).map(([fault, times]) => `${fault} ${count(times ?? 0)}`);
  return element(
    'tr',
    '',
    [
      element('th', 'name', [`${rule} → ${alias}`], { attributes: { scope: 'row' } }),
      element('td', 'number', [count(calls)]),
      element('td', 'number', [count(failed), element('span', 'remark', [rate])]),
      element('td', '', [found.join(', ')]),
    ],
    { key: `${rule} ${alias}` },
  );
}

function tenths(share: number): string {
  return (share * 100).toFixed(1);
}
