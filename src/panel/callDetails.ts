import { outcomeName } from './cacheOutcomes.ts';
import { costExplanation } from './costExplanation.ts';
import { element, type PanelNode } from './element.ts';
import type { PanelAttempt, PanelCall, PanelPrices } from './spend.ts';
import type { Words } from './words.ts';

/** Where a call's figure comes from, why the cache answered as it did, and for whom the call was. */
export function callDetails(entry: PanelCall, prices: PanelPrices, words: Words): PanelNode[] {
  const { say } = words;
  return [
    element('div', 'explanation', [
      element('h3', '', [say('howCost')]),
      ...costOfCall(entry, prices, words),
      element('p', 'why', [cacheReason(entry, words)]),
    ]),
    element('div', 'facts', [element('h3', '', [say('request')]), factList(entry, words)]),
  ];
}

function costOfCall({ call, attempts }: PanelCall, prices: PanelPrices, words: Words): PanelNode[] {
  const { say } = words;
  if (!call.metered) return [element('p', '', [say('notMeteredExplained')])];
  if (attempts.length === 0) return [element('p', '', [say('noAttempt')])];
  return attempts.flatMap((attempt, index) => [
    element('p', 'attempt', [
      attempts.length > 1 ? element('strong', '', [say('attempt', index + 1)]) : undefined,
      attempts.length > 1 ? ' ' : undefined,
      attemptLine(attempt, words),
    ]),
    ...costExplanation(attempt, prices, words),
  ]);
}

function attemptLine(attempt: PanelAttempt, { say, milliseconds }: Words): string {
  const name = `${attempt.provider}/${attempt.model}`;
  const duration = milliseconds(attempt.endedAtMs - attempt.startedAtMs);
  if (attempt.status === 0) return say('attemptNoAnswer', name, duration);
  const line = say('attemptLine', name, attempt.status, duration);
  if (attempt.firstByteAtMs === undefined) return line;
  return `${line}, ${say('attemptFirstByte', milliseconds(attempt.firstByteAtMs - attempt.startedAtMs))}`;
}

function cacheReason({ call }: PanelCall, { say }: Words): string {
  const outcome = say(outcomeName[call.cache]);
  return call.cacheReason === undefined ? say('whyCache', outcome) : say('whyCacheReason', outcome, call.cacheReason);
}

function factList({ call }: PanelCall, words: Words): PanelNode {
  const { say, milliseconds } = words;
  const duration = say('durationValue', milliseconds(call.endedAtMs - call.startedAtMs), milliseconds(call.overheadMs));
  const facts: readonly (readonly [title: string, value: string | undefined])[] = [
    [say('endpoint'), call.stream ? `${call.endpoint} (${say('streamed')})` : call.endpoint],
    [say('askedFor'), call.modelRequested],
    [say('route'), call.route],
    [say('feature'), call.feature],
    [say('callSite'), call.callSite],
    [say('branch'), call.branch],
    [say('commit'), call.commit?.slice(0, 12)],
    [say('session'), call.session],
    [say('client'), call.client],
    [say('duration'), duration],
  ];
  return element(
    'dl',
    '',
    facts
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([title, value]) => element('div', '', [element('dt', '', [title]), element('dd', '', [value])])),
  );
}
