import { element, type PanelElement, type PanelNode } from './element.ts';
import type { PanelLatency, PanelPercentiles } from './overview.ts';
import type { Words } from './words.ts';

/** How long providers take, and what Tollgate adds to it. */
export function latencySection(latency: PanelLatency, words: Words): PanelElement[] {
  const { say, count } = words;
  if (latency.calls === 0) return [];
  return [
    element(
      'section',
      'groups latency',
      [
        element('h2', '', [say('latency')], { attributes: { id: 'latency-title' } }),
        element('p', 'caption', [say('latencyCaption', count(latency.calls), count(latency.attempts))]),
        element(
          'table',
          '',
          [
            element('thead', '', [
              element('tr', '', [heading('', say('measured')), heading('number', 'p50'), heading('number', 'p99')]),
            ]),
            element('tbody', '', [
              row(say('ofProvider'), latency.providerMs, words),
              row(say('toFirstByte'), latency.firstByteMs, words),
              row(say('ofTollgate'), latency.overheadMs, words),
            ]),
          ],
          { attributes: { 'aria-labelledby': 'latency-title' } },
        ),
      ],
      { key: 'latency' },
    ),
  ];
}

function heading(className: string, text: string): PanelNode {
  return element('th', className, [text], { attributes: { scope: 'col' } });
}

function row(
  name: string,
  measured: PanelPercentiles | undefined,
  { say, milliseconds }: Words,
): PanelNode | undefined {
  if (measured === undefined) return undefined;
  const cell = (value: number): PanelNode => element('td', 'number', [say('millisecondsValue', milliseconds(value))]);
  return element(
    'tr',
    '',
    [element('th', '', [name], { attributes: { scope: 'row' } }), cell(measured.p50), cell(measured.p99)],
    { key: name },
  );
}
