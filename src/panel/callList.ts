import { isHit, outcomeName } from './cacheOutcomes.ts';
import { callCost, callCostText } from './callCost.ts';
import { callDetails } from './callDetails.ts';
import { tokensOfCall } from './callTokens.ts';
import { element, type PanelElement, type PanelNode } from './element.ts';
import type { PanelCall, PanelPrices } from './spend.ts';
import type { ViewContext } from './view.ts';
import type { Words } from './words.ts';

const columnCount = 6;

/**
 * The last calls; each opens to an explanation. The roles are written out because the narrow layout changes `display`,
 * with which browsers drop a table's own.
 */
export function callList(calls: readonly PanelCall[], prices: PanelPrices, context: ViewContext): PanelElement {
  const { say } = context.words;
  return element(
    'section',
    'calls',
    [
      element('h2', '', [say('lastCalls')], { attributes: { id: 'calls-title' } }),
      element('p', 'caption', [say('lastCallsCaption')]),
      element(
        'table',
        'callTable',
        [
          element(
            'thead',
            '',
            [
              element(
                'tr',
                '',
                [
                  columnHeader(say('time'), 'time'),
                  columnHeader(say('model'), 'model'),
                  columnHeader(say('tokens'), 'number tokens'),
                  columnHeader(say('cost'), 'number cost'),
                  columnHeader(say('cacheColumn'), 'cacheOutcome'),
                  columnHeader(say('result'), 'result'),
                ],
                { attributes: { role: 'row' } },
              ),
            ],
            { attributes: { role: 'rowgroup' } },
          ),
          element(
            'tbody',
            '',
            calls.flatMap((entry) => callRows(entry, prices, context)),
            { attributes: { role: 'rowgroup' } },
          ),
        ],
        { attributes: { role: 'table', 'aria-labelledby': 'calls-title' } },
      ),
    ],
    { key: 'calls' },
  );
}

function columnHeader(text: string, className: string): PanelNode {
  return element('th', className, [text], { attributes: { scope: 'col', role: 'columnheader' } });
}

function callRows(entry: PanelCall, prices: PanelPrices, context: ViewContext): PanelNode[] {
  const { id } = entry.call;
  const open = context.openCalls.has(id);
  const details = element(
    'tr',
    'details',
    [
      element('td', 'detailsCell', open ? callDetails(entry, prices, context.words) : [], {
        attributes: { role: 'cell', colspan: columnCount },
      }),
    ],
    { key: `details-${id}`, attributes: { role: 'row', id: `details-${id}` } },
  );
  return open ? [callRow(entry, true, context), details] : [callRow(entry, false, context)];
}

function callRow(entry: PanelCall, open: boolean, context: ViewContext): PanelNode {
  const { call } = entry;
  const { words } = context;
  const failed = call.status >= 400;
  return element(
    'tr',
    `call${failed ? ' failed' : ''}${open ? ' open' : ''}`,
    [
      cell('time', [openButton(entry, open, context)]),
      cell('model', modelCell(entry, words)),
      cell('number tokens', [tokensText(entry, words)]),
      cell(`number cost ${callCost(entry).kind}`, [callCostText(entry, words)]),
      cell(`cacheOutcome ${isHit(call.cache) ? 'hit' : ''}`, [call.metered ? words.say(outcomeName[call.cache]) : '']),
      cell(isUnremarkable(entry) ? 'result unremarkable' : 'result', [resultText(entry, words)]),
    ],
    { key: `call-${call.id}`, attributes: { role: 'row' } },
  );
}

function cell(className: string, children: readonly PanelNode[]): PanelNode {
  return element('td', className.trim(), children, { attributes: { role: 'cell' } });
}

function openButton({ call }: PanelCall, open: boolean, context: ViewContext): PanelNode {
  const { time, say } = context.words;
  return element('button', 'disclosure', [time(call.startedAtMs)], {
    on: { click: () => context.toggleCall(call.id) },
    attributes: {
      type: 'button',
      'aria-expanded': open ? 'true' : 'false',
      'aria-controls': `details-${call.id}`,
      'aria-label': `${time(call.startedAtMs)}: ${say('showDetails')}`,
      title: say('showDetails'),
    },
  });
}

function modelCell({ call, attempts }: PanelCall, { say }: Words): PanelNode[] {
  const last = attempts.at(-1);
  const name = call.model ?? (last === undefined ? call.modelRequested : `${last.provider}/${last.model}`);
  const alias = call.alias !== undefined && call.alias !== name ? call.alias : undefined;
  return [
    element('span', 'name', [name ?? call.endpoint], { attributes: { title: name ?? call.endpoint } }),
    ...(alias === undefined ? [] : [' ', element('span', 'tag alias', [alias])]),
    ...(last === undefined || last.serviceTier === 'standard'
      ? []
      : [' ', element('span', 'tag tier', [last.serviceTier])]),
    ...(attempts.some(({ demo }) => demo) ? [' ', element('span', 'tag demo', [say('demoTag')])] : []),
  ];
}

function tokensText(entry: PanelCall, { say, count }: Words): string {
  const tokens = tokensOfCall(entry);
  return tokens === undefined ? '' : say('tokensPair', count(tokens.input), count(tokens.output));
}

/** Answered at the first try, by no rule: what a narrow list leaves out. */
function isUnremarkable({ call, attempts }: PanelCall): boolean {
  return call.status < 400 && call.route === undefined && attempts.length <= 1;
}

function resultText({ call, attempts }: PanelCall, { say, count }: Words): string {
  const parts = [
    call.status === 499 ? say('clientGone') : call.status < 400 ? say('ok') : `${call.status} ${call.errorClass ?? ''}`,
    ...(call.route === undefined ? [] : [call.route]),
    ...(attempts.length > 1 ? [say('retried', count(attempts.length))] : []),
  ];
  return parts.map((part) => part.trim()).join(' · ');
}
