import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { withDebugEnvironment } from '../../../../src/extension/environment/debugEnvironment.ts';
import { maskedEnvironmentLines } from '../../../../src/extension/environment/environmentLines.ts';
import {
  type EnvironmentSource,
  findConflicts,
  hostOf,
  providersWithKey,
} from '../../../../src/extension/environment/environmentSources.ts';
import { parseEnvFile } from '../../../../src/extension/environment/parseEnvFile.ts';
import { type EnvironmentInput, planEnvironment } from '../../../../src/extension/environment/planEnvironment.ts';

const workspace = {
  workspaceId: 'w1',
  token: 'TOKEN',
  baseUrls: { openai: 'http://127.0.0.1:4100/t/TOKEN/v1', anthropic: 'http://127.0.0.1:4100/t/TOKEN' },
  demo: false,
};
const input: EnvironmentInput = {
  workspace,
  conflicts: [],
  confirmedUpstreams: {},
  providersWithKey: new Set(),
  providersWithStoredKey: new Set(),
  headers: { 'x-tollgate-session': 's1' },
};
const source = (variables: Record<string, string>, kind: EnvironmentSource['kind'] = 'envFile'): EnvironmentSource => ({
  kind,
  name: '.env',
  variables: new Map(Object.entries(variables)),
});

test('both providers get our address, and no key', () => {
  const plan = planEnvironment(input);
  assert.deepEqual(Object.fromEntries(plan.replace), {
    OPENAI_BASE_URL: 'http://127.0.0.1:4100/t/TOKEN/v1',
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:4100/t/TOKEN',
    TOLLGATE: '1',
  });
  assert.deepEqual(Object.fromEntries(plan.append), {
    OPENAI_CUSTOM_HEADERS: '\nx-tollgate-session: s1',
    ANTHROPIC_CUSTOM_HEADERS: '\nx-tollgate-session: s1',
  });
});

test('a base URL set elsewhere is left alone, the other provider is metered', () => {
  const conflicts = findConflicts([source({ OPENAI_BASE_URL: 'https://llm.example.com/v1' })]);
  const plan = planEnvironment({ ...input, conflicts });
  assert.deepEqual([...plan.replace.keys()], ['ANTHROPIC_BASE_URL', 'TOLLGATE']);
  assert.deepEqual([...plan.append.keys()], ['ANTHROPIC_CUSTOM_HEADERS']);
  assert.deepEqual(plan.notMetered, conflicts);
});

test('with both set elsewhere programs are not even told that Tollgate is there', () => {
  const conflicts = findConflicts([source({ OPENAI_BASE_URL: 'https://a', ANTHROPIC_BASE_URL: 'https://b' })]);
  const plan = planEnvironment({ ...input, conflicts });
  assert.deepEqual([plan.replace.size, plan.append.size, plan.notMetered.length], [0, 0, 2]);
});

test('a confirmed base URL is replaced, as long as it is the confirmed one', () => {
  const conflicts = findConflicts([source({ OPENAI_BASE_URL: 'https://llm.example.com/v1' })]);
  const confirmed = planEnvironment({
    ...input,
    conflicts,
    confirmedUpstreams: { openai: 'https://llm.example.com/v1' },
  });
  assert.equal(confirmed.replace.get('OPENAI_BASE_URL'), workspace.baseUrls.openai);
  const changed = planEnvironment({ ...input, conflicts, confirmedUpstreams: { openai: 'https://other.example.com' } });
  assert.equal(changed.replace.has('OPENAI_BASE_URL'), false);
});

test('the token stands in for a key only in the demo or for stored keys, and only where no key is in sight', () => {
  const keysOf = (changes: Partial<EnvironmentInput>) =>
    [...planEnvironment({ ...input, ...changes }).replace]
      .filter(([, value]) => value === 'TOKEN')
      .map(([name]) => name);
  const demo = { ...workspace, demo: true };
  assert.deepEqual(keysOf({}), []);
  assert.deepEqual(keysOf({ workspace: demo }), ['OPENAI_API_KEY', 'ANTHROPIC_AUTH_TOKEN']);
  assert.deepEqual(keysOf({ workspace: demo, providersWithKey: new Set(['openai']) }), ['ANTHROPIC_AUTH_TOKEN']);
  assert.deepEqual(keysOf({ providersWithStoredKey: new Set(['openai']) }), ['OPENAI_API_KEY']);
  assert.deepEqual(keysOf({ providersWithStoredKey: new Set(['openai']), providersWithKey: new Set(['openai']) }), []);
});

test('our own address and token, inherited from a metered terminal, are neither a conflict nor a key', () => {
  const inherited = source(
    { OPENAI_BASE_URL: 'http://127.0.0.1:9/t/OLD/v1', OPENAI_API_KEY: 'OLD', TOLLGATE: '1' },
    'process',
  );
  assert.deepEqual(findConflicts([inherited]), []);
  assert.deepEqual([...providersWithKey([inherited])], []);
  assert.deepEqual([...providersWithKey([source({ OPENAI_API_KEY: 'sk-real' })])], ['openai']);
  assert.deepEqual([...providersWithKey([source({ ANTHROPIC_API_KEY: 'k' })])], ['anthropic']);
});

test('empty values set nothing', () => {
  assert.deepEqual(findConflicts([source({ OPENAI_BASE_URL: ' ' })]), []);
  assert.deepEqual([...providersWithKey([source({ OPENAI_API_KEY: '' })])], []);
});

test('property: no plan ever holds a base URL that is set elsewhere and not confirmed', () => {
  const url = fc.constantFrom('https://a.example.com', 'https://b.example.com', '');
  fc.assert(
    fc.property(url, url, url, url, (openai, anthropic, confirmedOpenai, confirmedAnthropic) => {
      const conflicts = findConflicts([source({ OPENAI_BASE_URL: openai, ANTHROPIC_BASE_URL: anthropic })]);
      const plan = planEnvironment({
        ...input,
        conflicts,
        confirmedUpstreams: { openai: confirmedOpenai, anthropic: confirmedAnthropic },
      });
      assert.equal(plan.replace.has('OPENAI_BASE_URL'), openai === '' || openai === confirmedOpenai);
      assert.equal(plan.replace.has('ANTHROPIC_BASE_URL'), anthropic === '' || anthropic === confirmedAnthropic);
    }),
  );
});

test('debug sessions keep what they set and get what they do not', () => {
  const plan = planEnvironment({ ...input, workspace: { ...workspace, demo: true } });
  const changed = withDebugEnvironment(
    {
      type: 'node',
      request: 'launch',
      env: { OPENAI_API_KEY: 'mine', TOLLGATE: '0', OPENAI_CUSTOM_HEADERS: 'x-team: a', FOO: 'bar' },
    },
    plan,
    { ANTHROPIC_CUSTOM_HEADERS: 'x-inherited: b' },
  );
  assert.deepEqual(changed?.env, {
    OPENAI_API_KEY: 'mine',
    TOLLGATE: '0',
    FOO: 'bar',
    OPENAI_BASE_URL: workspace.baseUrls.openai,
    ANTHROPIC_BASE_URL: workspace.baseUrls.anthropic,
    ANTHROPIC_AUTH_TOKEN: 'TOKEN',
    OPENAI_CUSTOM_HEADERS: 'x-team: a\nx-tollgate-session: s1',
    ANTHROPIC_CUSTOM_HEADERS: 'x-inherited: b\nx-tollgate-session: s1',
  });
});

test('C++ debuggers take a list', () => {
  const plan = planEnvironment(input);
  const changed = withDebugEnvironment(
    { type: 'cppdbg', request: 'launch', environment: [{ name: 'TOLLGATE', value: '0' }] },
    plan,
    {},
  );
  assert.deepEqual(changed?.environment, [
    { name: 'TOLLGATE', value: '0' },
    { name: 'OPENAI_BASE_URL', value: workspace.baseUrls.openai },
    { name: 'ANTHROPIC_BASE_URL', value: workspace.baseUrls.anthropic },
    { name: 'OPENAI_CUSTOM_HEADERS', value: '\nx-tollgate-session: s1' },
    { name: 'ANTHROPIC_CUSTOM_HEADERS', value: '\nx-tollgate-session: s1' },
  ]);
});

test('attaching and browsers are left alone', () => {
  const plan = planEnvironment(input);
  assert.equal(withDebugEnvironment({ type: 'node', request: 'attach' }, plan, {}), undefined);
  assert.equal(withDebugEnvironment({ type: 'chrome', request: 'launch' }, plan, {}), undefined);
});

test('.env files are read as dotenv reads them', () => {
  const text = [
    '# OPENAI_BASE_URL=http://commented',
    'export OPENAI_BASE_URL="https://a.example.com/v1" # ours',
    "ANTHROPIC_BASE_URL='https://b.example.com'",
    'PLAIN = value # comment',
    'HASH=a#b',
    'EMPTY=',
    'not an assignment',
  ].join('\r\n');
  assert.deepEqual(Object.fromEntries(parseEnvFile(text)), {
    OPENAI_BASE_URL: 'https://a.example.com/v1',
    ANTHROPIC_BASE_URL: 'https://b.example.com',
    PLAIN: 'value',
    HASH: 'a#b',
    EMPTY: '',
  });
});

test('what is shown of an address is its host, never its user, path or query', () => {
  assert.equal(hostOf('https://user:secret@llm.example.com:8443/v1?key=secret'), 'llm.example.com:8443');
  assert.equal(hostOf('not a url'), '?');
});

test('lines to look at hold no token', () => {
  assert.deepEqual(maskedEnvironmentLines(workspace), [
    'OPENAI_BASE_URL=http://127.0.0.1:4100/t/…/v1',
    'ANTHROPIC_BASE_URL=http://127.0.0.1:4100/t/…',
    'TOLLGATE=1',
  ]);
});
