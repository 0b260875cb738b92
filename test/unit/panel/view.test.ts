import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Price } from '../../../src/catalog/price.ts';
import { callCost, callCostText } from '../../../src/panel/callCost.ts';
import { costExplanation } from '../../../src/panel/costExplanation.ts';
import { type PanelElement, type PanelNode, textOf } from '../../../src/panel/element.ts';
import { type PanelAction, type PanelReady, type PanelState, parsePanelRequest } from '../../../src/panel/messages.ts';
import { panelStrings } from '../../../src/panel/panelStrings.ts';
import { firstView, type PanelView } from '../../../src/panel/panelView.ts';
import { readOpenCalls, readStrings, readUpdate } from '../../../src/panel/readMessages.ts';
import { panelView } from '../../../src/panel/view.ts';
import { createWords } from '../../../src/panel/words.ts';
import { busySpend, noSpend, noTotals, sampleCall } from '../../support/sampleSpend.ts';

const words = createWords(panelStrings, 'en', 'UTC');
const price: Price = {
  id: 'openai/gpt-4o@2026-09-22',
  usdPerMTok: { input: 2.5, cacheRead: 1.25, output: 10 },
  asOf: '2026-09-22',
  source: 'openai.com/api/pricing',
};
const ready: PanelReady = {
  kind: 'ready',
  spend: busySpend(),
  prices: { [price.id]: price },
  metering: { kind: 'metered' },
  demo: false,
  notices: [],
  environment: ['OPENAI_BASE_URL=http://127.0.0.1:1/t/…/v1'],
};

function render(state: PanelState, openCalls: readonly string[] = [], view: PanelView = firstView) {
  const views: PanelView[] = [];
  const actions: PanelAction[] = [];
  const toggled: string[] = [];
  const nodes = panelView(state, {
    words,
    openCalls: new Set(openCalls),
    view,
    setView: (chosen) => views.push(chosen),
    run: (action) => actions.push(action),
    toggleCall: (id) => toggled.push(id),
  });
  const all = nodes.flatMap((node) => [...elements(node)]);
  return { actions, toggled, views, all, text: nodes.map(textOf).join('\n') };
}

function* elements(node: PanelNode): Generator<PanelElement> {
  if (typeof node === 'string') return;
  yield node;
  for (const child of node.children) yield* elements(child);
}

const buttons = (all: readonly PanelElement[]): string[] => all.filter(({ tag }) => tag === 'button').map(textOf);

test('each state has its words and its way out', () => {
  const ways: readonly (readonly [PanelState, readonly string[]])[] = [
    [{ kind: 'loading' }, []],
    [{ kind: 'noFolder' }, ['Open folder']],
    [{ kind: 'untrusted' }, ['Manage workspace trust']],
    [{ kind: 'serviceMissing', message: 'No SQLite.' }, ['Show log']],
    [{ kind: 'serviceDown', message: 'It ended.', retrying: true }, ['Start it again', 'Show log']],
    [{ kind: 'error', message: 'Broken.' }, ['Start it again', 'Show log']],
  ];
  for (const [state, expected] of ways) {
    const { all, text } = render(state);
    assert.deepEqual(buttons(all), expected, state.kind);
    assert.notEqual(text.trim(), '', state.kind);
  }
});

test('what went wrong is read out at once, the rest when there is time', () => {
  const roleOf = (state: PanelState): unknown => render(state).all[0]?.attributes.role;
  assert.equal(roleOf({ kind: 'serviceDown', message: 'm', retrying: false }), 'alert');
  assert.equal(roleOf({ kind: 'loading' }), 'status');
});

test('with the service down the last figures stay, marked as such', () => {
  const { text } = render({ kind: 'serviceDown', message: 'It ended.', retrying: true, last: ready });
  assert.ok(text.includes('The figures below are from before it stopped.'));
  assert.ok(text.includes('~$1.24'));
});

test('a day without calls shows how to make the first, and copies lines that hold the token', () => {
  const { all, text, actions } = render({ ...ready, spend: noSpend });
  assert.ok(text.includes('$0.00 spent today'));
  assert.ok(text.includes('OPENAI_BASE_URL=http://127.0.0.1:1/t/…/v1'));
  all.find((node) => node.tag === 'button' && textOf(node) === 'Copy these lines')?.on.click?.(new Event('click'));
  assert.deepEqual(actions, ['copyEnvironment']);
});

test('a workspace that is not metered says so and offers it', () => {
  const { all, text } = render({ ...ready, spend: noSpend, metering: { kind: 'off' } });
  assert.deepEqual(buttons(all), ['Meter this workspace']);
  assert.ok(text.includes('This workspace is not metered'));
});

test('base URLs set elsewhere are named with their place', () => {
  const conflicts = [{ variable: 'OPENAI_BASE_URL', source: '.env', host: 'llm.example.com' }];
  const { text } = render({ ...ready, metering: { kind: 'elsewhere', conflicts } });
  assert.ok(text.includes('OPENAI_BASE_URL is set to llm.example.com in .env.'));
});

test('the demo provider is labelled, by configuration and by rows', () => {
  assert.ok(render({ ...ready, demo: true }).text.includes('Answers come from the built-in demo provider.'));
  const totals = { ...noTotals, calls: 2, attempts: 2, demoAttempts: 2, costPicoUsd: '1000000000' };
  const { text } = render({ ...ready, spend: { ...noSpend, totals } });
  assert.ok(text.includes('$0.0010 at list price today; billed by nobody'), text);
});

test('sums that leave something out say what', () => {
  const { text } = render(ready);
  assert.ok(text.includes('Attempts without a known price, not in this sum: 2'));
  assert.ok(text.includes('Estimated attempts in this sum: 1'));
  assert.ok(text.includes('3 failed, 1 not metered'));
});

test('shadow hits are an offer, split by the switch that would serve them', () => {
  const { all, text } = render(ready);
  assert.ok(
    text.includes('Could also have been answered from the cache: 20 of 132 calls. That would have saved $0.20.'),
  );
  assert.ok(buttons(all).includes('Serve repeated requests from the cache'));
  assert.ok(buttons(all).includes('Serve the same question in other words too'));
  const exactOnly = { ...ready.spend.totals, cacheOutcomes: { shadowExact: 1, miss: 3 } };
  const offered = buttons(render({ ...ready, spend: { ...ready.spend, totals: exactOnly } }).all);
  assert.equal(offered.includes('Serve the same question in other words too'), false);
});

test('the cost of a call', () => {
  const spend = busySpend();
  const costs = Object.fromEntries(spend.lastCalls.map((entry) => [entry.call.id, callCostText(entry, words)]));
  assert.deepEqual(costs, {
    c12: '$0.0016',
    c11: 'saved $0.0016',
    c10: 'saved $0.00031',
    c9: '~$0.017',
    c8: 'price unknown',
    c7: 'saved $0.0016',
    c6: '$0.0016',
    c5: 'not billed',
    c4: 'not metered',
    c3: 'price unknown',
  });
});

test('a call of which one attempt has no price is a sum with a hole', () => {
  const entry = sampleCall({ id: 'x' }, {}, { costStatus: 'unpriced' });
  assert.deepEqual(callCost(entry), { kind: 'priced', picoUsd: 1_630_000_000n, estimated: false, partial: true });
  assert.equal(callCostText(entry, words), '$0.0016 + price unknown');
});

test('a hit whose answer was unpriced claims no saving', () => {
  assert.equal(callCostText(sampleCall({ id: 'x', cache: 'hitExact' }), words), 'saving unknown');
});

test('an open call explains its figure: kinds × price = cost, price, date and source', () => {
  const closed = render(ready);
  assert.equal(closed.text.includes('How the cost was made'), false);
  const { text, all } = render(ready, ['c12']);
  assert.ok(text.includes('input412× $2.50= $0.0010'), text);
  assert.ok(text.includes('output60× $10= $0.00060'), text);
  assert.ok(text.includes('Sum$0.0016'), text);
  assert.ok(text.includes('Price openai/gpt-4o of 2026-09-22, from openai.com/api/pricing.'));
  assert.ok(text.includes('Cache: miss, because no answer to this request is kept.'));
  const toggle = all.find((node) => node.attributes['aria-controls'] === 'details-c12');
  assert.equal(toggle?.attributes['aria-expanded'], 'true');
});

test('a row toggles its own details', () => {
  const { all, toggled } = render(ready);
  all.find((node) => node.attributes['aria-controls'] === 'details-c10')?.on.click?.(new Event('click'));
  assert.deepEqual(toggled, ['c10']);
});

test('a price that is gone leaves the tokens, without rates', () => {
  const { attempts } = sampleCall({ id: 'x' }, {});
  const text = attempts
    .flatMap((attempt) => costExplanation(attempt, {}, words))
    .map(textOf)
    .join(' ');
  assert.ok(text.includes('input412'), text);
  assert.ok(text.includes('Made with price openai/gpt-4o@2026-09-22, which this version no longer has'), text);
  assert.equal(text.includes('×'), false);
});

test('reasons stand beside what is not exact', () => {
  const { text } = render(ready, ['c9', 'c8', 'c4']);
  assert.ok(text.includes('Estimated: the stream ended before the provider reported its usage.'));
  assert.ok(text.includes('Not billed: the provider answered with an error.'));
  assert.ok(text.includes('Price unknown: no price is known for this model.'));
  assert.ok(text.includes('Passed through unread: what it cost is not known to Tollgate.'));
});

test('foreign names stay text', () => {
  const { all } = render(ready, ['c3']);
  const tags = new Set(all.map(({ tag }) => tag));
  assert.equal(tags.has('img') || tags.has('script'), false);
});

test('groups without a price are never $0.00', () => {
  const { all } = render(ready);
  const row = all.find((node) => node.tag === 'tr' && node.key === 'openai/my-fine-tune');
  assert.ok(row !== undefined && textOf(row).includes('price unknown'));
});

test('the panel can ask for what it has buttons for, and nothing else', () => {
  assert.deepEqual(parsePanelRequest({ type: 'ready' }), { type: 'ready' });
  assert.deepEqual(parsePanelRequest({ type: 'run', action: 'showLog', extra: 1 }), { type: 'run', action: 'showLog' });
  for (const message of [
    undefined,
    null,
    'ready',
    {},
    { type: 'run' },
    { type: 'run', action: 'workbench.action.quit' },
  ])
    assert.equal(parsePanelRequest(message), undefined);
});

test('messages and saved state of other kinds are left alone', () => {
  assert.equal(readUpdate({ type: 'other' }), undefined);
  assert.equal(readUpdate('state'), undefined);
  assert.deepEqual(readUpdate({ type: 'state', state: { kind: 'loading' } }), {
    type: 'state',
    state: { kind: 'loading' },
  });
  assert.deepEqual(readOpenCalls({ openCalls: ['a', 7, 'b'] }), ['a', 'b']);
  assert.deepEqual(readOpenCalls(undefined), []);
});

test('translations of known texts are taken, others ignored', () => {
  assert.deepEqual(readStrings('{"spentToday":"heute ausgegeben","unknown":"x","model":7}'), {
    spentToday: 'heute ausgegeben',
  });
  assert.deepEqual(readStrings(undefined), {});
});
