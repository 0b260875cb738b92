import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PanelElement, type PanelNode, textOf } from '../../../src/panel/element.ts';
import { type PanelReady, parsePanelRequest } from '../../../src/panel/messages.ts';
import { panelStrings } from '../../../src/panel/panelStrings.ts';
import { firstView, type PanelView, parsePanelView, withFilter } from '../../../src/panel/panelView.ts';
import { readView } from '../../../src/panel/readMessages.ts';
import { panelView } from '../../../src/panel/view.ts';
import { createWords } from '../../../src/panel/words.ts';
import { busyOverview } from '../../support/sampleOverview.ts';
import { noSpend } from '../../support/sampleSpend.ts';

const words = createWords(panelStrings, 'en', 'UTC');
const ready: PanelReady = {
  kind: 'ready',
  spend: noSpend,
  overview: busyOverview(),
  prices: {},
  metering: { kind: 'metered' },
  demo: false,
  notices: [],
  environment: [],
};

function render(state: PanelReady, view: PanelView = firstView) {
  const views: PanelView[] = [];
  const nodes = panelView(state, {
    words,
    openCalls: new Set(),
    view,
    setView: (chosen) => views.push(chosen),
    exportView: () => undefined,
    run: () => undefined,
    toggleCall: () => undefined,
  });
  const all = nodes.flatMap((node) => [...elements(node)]);
  const click = (label: string): void =>
    all.find((node) => node.tag === 'button' && textOf(node).includes(label))?.on.click?.(new Event('click'));
  return { views, all, click, text: nodes.map(textOf).join('\n') };
}

function* elements(node: PanelNode): Generator<PanelElement> {
  if (typeof node === 'string') return;
  yield node;
  for (const child of node.children) yield* elements(child);
}

test('today, week and month stand beside the limit, and each shows its own time', () => {
  const { text, views, click, all } = render(ready);
  assert.ok(text.includes('Today ~$1.24Last 7 days ~$6.11Last 31 days ~$18.73'), text);
  assert.ok(text.includes('workspace, a month: $18.73 of $20.00 (94%)'), text);
  click('Last 7 days');
  assert.deepEqual(views, [{ ...firstView, period: 'week' }]);
  const pressed = all.filter((node) => node.attributes['aria-pressed'] === 'true').map(textOf);
  assert.deepEqual(pressed, ['Today ~$1.24']);
});

test('what the chart shows is read out, and is a table for those who want one', () => {
  const { all, text } = render(ready);
  const chart = all.find((node) => node.attributes.class === 'chart');
  assert.equal(chart?.attributes.tabindex, 0);
  assert.ok(String(chart?.attributes['aria-label']).includes('openai/gpt-4o $0.64, anthropic/claude-sonnet-4-5 $0.24'));
  assert.ok(text.includes('09:00$0.12$0.080$0.020$0.22'), text);
  assert.equal(text.includes('03:00'), false);
});

test('a name in the legend narrows everything to it, and widens it again', () => {
  const { views, click } = render(ready);
  click('openai/gpt-4o $');
  assert.deepEqual(views, [{ ...firstView, filter: { model: 'openai/gpt-4o' } }]);
  const narrowed = { ...firstView, filter: { model: 'openai/gpt-4o' } };
  const again = render({ ...ready, overview: busyOverview({ filter: narrowed.filter }) }, narrowed);
  again.click('openai/gpt-4o $');
  again.click('Clear filters');
  assert.deepEqual(again.views, [firstView, firstView]);
});

test('filters offer what there is, names that nobody gave too, and are left out where there is no choice', () => {
  const { all } = render(ready, { ...firstView, filter: { feature: '', branch: 'gone' } });
  const offered = all.filter((node) => node.tag === 'select' && node.attributes['data-dimension'] !== undefined);
  assert.deepEqual(
    offered.map((node) => node.attributes['data-dimension']),
    ['model', 'feature', 'branch', 'callSite'],
  );
  const chosen = offered.map((node) =>
    node.children
      .map((child) => child)
      .filter(isSelected)
      .map(textOf),
  );
  assert.deepEqual(chosen, [['all'], ['(not named)'], ['gone'], ['all']]);
});

function isSelected(node: PanelNode): boolean {
  return typeof node !== 'string' && node.attributes.selected === true;
}

test('latency is told for the provider and for Tollgate, with how many were measured', () => {
  const { text } = render(ready);
  assert.ok(text.includes('Of the newest 132 of these calls and the 96 requests'), text);
  assert.ok(text.includes('Tollgate itself0.6 ms3.4 ms'), text);
  assert.ok(text.includes('Provider, until the answer’s end842 ms5,310 ms'), text);
});

test('stacked by something else, its groups have a table of their own', () => {
  const overview = busyOverview({
    by: 'branch',
    groups: [{ ...busyOverview().groups[0], key: 'main' }].flatMap(whole),
  });
  const { text } = render({ ...ready, overview }, { ...firstView, by: 'branch' });
  assert.ok(text.includes('BranchBranchShareSpendCallsmain'), text);
});

function whole(group: Partial<PanelReady['spend']['byModel'][number]>): PanelReady['spend']['byModel'] {
  const none = {
    calls: 0,
    cacheHits: 0,
    inputTokens: 0,
    outputTokens: 0,
    costPicoUsd: '0',
    savedPicoUsd: '0',
    unpricedAttempts: 0,
  };
  return [{ key: undefined, ...none, ...group }];
}

test('views come from outside only in their own shape', () => {
  const view: PanelView = { period: 'week', by: 'user', filter: { model: 'm', feature: '' } };
  assert.deepEqual(parsePanelView(JSON.parse(JSON.stringify(view))), view);
  assert.deepEqual(parsePanelRequest({ type: 'view', view, extra: 1 }), { type: 'view', view });
  assert.deepEqual(parsePanelRequest({ type: 'export', view }), { type: 'export', view });
  for (const wrong of [
    undefined,
    { ...view, period: 'year' },
    { ...view, by: '__proto__' },
    { ...view, filter: { model: 7 } },
    { period: 'week', by: 'user' },
  ]) {
    assert.equal(parsePanelView(wrong), undefined);
    assert.equal(parsePanelRequest({ type: 'view', view: wrong }), undefined);
  }
  assert.deepEqual(readView({ openCalls: [], view }), view);
  assert.deepEqual(readView({ view: { period: 'never' } }), firstView);
  assert.deepEqual(withFilter(view, 'model', undefined).filter, { feature: '' });
});
