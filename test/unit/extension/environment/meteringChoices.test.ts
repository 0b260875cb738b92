import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChoiceStore, createMeteringChoices } from '../../../../src/extension/environment/meteringChoices.ts';

function memory(initial: Record<string, unknown> = {}): ChoiceStore {
  const values = new Map(Object.entries(initial));
  // The editor's Memento has overloads for a default value, which nothing here uses.
  const get: ChoiceStore['get'] = (key: string) => JSON.parse(JSON.stringify(values.get(key) ?? null)) ?? undefined;
  return { get, update: async (key, value) => void values.set(key, value) };
}

test('a session stays the same over reloads and is renewed after a day', async () => {
  const choices = createMeteringChoices(memory());
  let made = 0;
  const createId = () => `s${++made}`;
  assert.equal(await choices.session(0, createId), 's1');
  assert.equal(await choices.session(23 * 3_600_000, createId), 's1');
  assert.equal(await choices.session(24 * 3_600_000, createId), 's2');
});

test('upstreams of both providers are kept side by side', async () => {
  const choices = createMeteringChoices(memory());
  await choices.confirmUpstream('openai', 'https://a');
  await choices.confirmUpstream('anthropic', 'https://b');
  assert.deepEqual(choices.confirmedUpstreams(), { openai: 'https://a', anthropic: 'https://b' });
});

test('what another version left behind is no answer', () => {
  const choices = createMeteringChoices(
    memory({ 'tollgate.metering': 7, 'tollgate.confirmedUpstreams': ['x'], 'tollgate.dismissedBaseUrls': 'https://a' }),
  );
  assert.equal(choices.choice(), undefined);
  assert.deepEqual(choices.confirmedUpstreams(), {});
  assert.equal(choices.isDismissed('https://a'), false);
});

test('an address is told about once', async () => {
  const choices = createMeteringChoices(memory());
  await choices.dismiss('https://a');
  await choices.dismiss('https://b');
  assert.deepEqual(['https://a', 'https://b', 'https://c'].map(choices.isDismissed), [true, true, false]);
});
