import { element, type PanelElement, type PanelNode } from './element.ts';
import type { PanelGroup } from './spend.ts';
import type { Words } from './words.ts';

/** Spend by one property, dearest first, with a bar for the share of the dearest. */
export function groupTable(
  id: string,
  title: string,
  keyTitle: string,
  noKey: string,
  groups: readonly PanelGroup[],
  words: Words,
): PanelElement {
  const { say } = words;
  const sorted = [...groups].sort((a, b) => compare(BigInt(b.costPicoUsd), BigInt(a.costPicoUsd)));
  const largest = Number(sorted[0]?.costPicoUsd ?? '0');
  return element(
    'section',
    'groups',
    [
      element('h2', '', [title], { attributes: { id: `${id}-title` } }),
      element(
        'table',
        '',
        [
          element('thead', '', [
            element('tr', '', [
              heading(keyTitle),
              heading(say('share'), 'bar'),
              heading(say('spend'), 'number'),
              heading(say('calls'), 'number'),
            ]),
          ]),
          element(
            'tbody',
            '',
            sorted.map((group) => row(group, noKey, largest, words)),
          ),
        ],
        { attributes: { 'aria-labelledby': `${id}-title` } },
      ),
    ],
    { key: id },
  );
}

function heading(text: string, className = ''): PanelNode {
  return element('th', className, [text], { attributes: { scope: 'col' } });
}

function row(group: PanelGroup, noKey: string, largest: number, words: Words): PanelNode {
  const { say, count, shortCount } = words;
  const name = group.key ?? noKey;
  const tokens = say('tokensPair', shortCount(group.inputTokens), shortCount(group.outputTokens));
  return element(
    'tr',
    '',
    [
      element('th', group.key === undefined ? 'name none' : 'name', [name, element('span', 'remark', [tokens])], {
        attributes: { scope: 'row', title: name },
      }),
      element('td', 'bar', [bar(Number(group.costPicoUsd), largest)]),
      element('td', 'number', [spendOf(group, words)]),
      element('td', 'number', [count(group.calls)]),
    ],
    { key: group.key ?? '' },
  );
}

/** A sum that leaves unpriced calls out says so; one of unpriced calls alone is no sum. */
function spendOf(group: PanelGroup, { say, money }: Words): string {
  if (group.unpricedAttempts === 0) return money(group.costPicoUsd);
  return group.costPicoUsd === '0' ? say('priceUnknown') : `${money(group.costPicoUsd)} + ${say('priceUnknown')}`;
}

/** Says nothing that the figure beside it does not say, so it is hidden from screen readers. */
function bar(value: number, largest: number): PanelNode {
  const max = largest === 0 ? 1 : largest;
  return element('meter', '', [], { attributes: { min: 0, max, value, 'aria-hidden': 'true', tabindex: -1 } });
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
