import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attribution } from '../../../src/attribution/attribution.ts';
import { findPii } from '../../../src/attribution/piiGuard.ts';
import { type AttributionReading, readAttribution } from '../../../src/attribution/readAttribution.ts';
import type { JsonObject } from '../../../src/wire/json.ts';

const pseudonymKey = new Uint8Array(32).fill(1);

function read(
  headers: Readonly<Record<string, string>>,
  body?: JsonObject,
  pii: 'hash' | 'drop' | 'reject' = 'hash',
): AttributionReading {
  const config = { tags: ['env', 'team', 'note'], pii };
  return readAttribution({ headers: new Map(Object.entries(headers)), body }, { config, pseudonymKey, findPii });
}

function attributed(headers: Readonly<Record<string, string>>, body?: JsonObject): Attribution {
  const reading = read(headers, body);
  return reading.kind === 'read' ? reading.attribution : assert.fail();
}

test('our headers', () => {
  assert.deepEqual(
    attributed({
      'x-tollgate-feature': 'checkout',
      'x-tollgate-tags': 'env=dev, team = core,secret=x',
      'x-tollgate-session': 's1',
      'x-tollgate-branch': 'main',
      'x-tollgate-commit': '42488b4',
      'x-tollgate-callsite': 'src/rag.ts:88:answer',
      'x-tollgate-task': 'classify',
      'user-agent': 'OpenAI/JS 7.57.0',
    }),
    {
      feature: 'checkout',
      tags: { env: 'dev', team: 'core' },
      session: 's1',
      branch: 'main',
      commit: '42488b4',
      callSite: 'src/rag.ts:88:answer',
      task: 'classify',
      client: 'OpenAI/JS 7.57.0',
    },
  );
});

test('other gateways’ names and the body mean the same, and ours win', () => {
  assert.deepEqual(attributed({ 'x-portkey-metadata': '{"env":"a","feature":"f"}' }), {
    feature: 'f',
    tags: { env: 'a' },
  });
  assert.deepEqual(attributed({ 'cf-aig-metadata': '{"team":"b","n":1}' }).tags, { team: 'b' });
  assert.deepEqual(attributed({ 'helicone-property-env': 'c', 'helicone-session-id': 's' }), {
    tags: { env: 'c' },
    session: 's',
  });
  assert.deepEqual(attributed({ 'x-litellm-tags': 'env=d,plain' }).tags, { env: 'd' });
  assert.deepEqual(attributed({ baggage: 'env=e%20f;prop=1,team=g' }).tags, { env: 'e f', team: 'g' });
  assert.deepEqual(attributed({}, { metadata: { env: 'h', tags: ['team=i'] } }).tags, { team: 'i', env: 'h' });
  assert.equal(
    attributed({ 'x-tollgate-tags': 'env=ours', 'x-litellm-tags': 'env=theirs' }, { metadata: { env: 'x' } }).tags?.env,
    'ours',
  );
});

test('broken metadata is no metadata', () => {
  assert.deepEqual(attributed({ 'x-portkey-metadata': '{', 'cf-aig-metadata': '[1]', baggage: 'env=%E0%A4%A' }), {});
});

test('a user is a pseudonym: the same for the same name and key, and never the name', () => {
  const fromHeader = attributed({ 'x-tollgate-user': 'jane@example.org' }).userPseudonym;
  assert.equal(fromHeader, attributed({}, { user: 'jane@example.org' }).userPseudonym);
  assert.equal(fromHeader, attributed({}, { metadata: { user_id: 'jane@example.org' } }).userPseudonym);
  assert.equal(fromHeader, attributed({ 'x-portkey-metadata': '{"_user":"jane@example.org"}' }).userPseudonym);
  assert.match(fromHeader ?? '', /^[\w-]{22}$/);
  assert.notEqual(fromHeader, attributed({ 'x-tollgate-user': 'john@example.org' }).userPseudonym);
});

test('personal data in a value is hashed, dropped or rejected, by setting, and never shown', () => {
  const headers = { 'x-tollgate-feature': 'mail of jane@example.org', 'x-tollgate-tags': 'note=+49 30 901820' };
  const hashed = read(headers);
  assert.equal(hashed.kind, 'read');
  assert.match(hashed.kind === 'read' ? (hashed.attribution.feature ?? '') : '', /^email:[\w-]{22}$/);
  assert.match(hashed.kind === 'read' ? (hashed.attribution.tags?.note ?? '') : '', /^phone:[\w-]{22}$/);
  assert.deepEqual(read(headers, undefined, 'drop'), { kind: 'read', attribution: {} });
  assert.deepEqual(read(headers, undefined, 'reject'), {
    kind: 'rejected',
    found: { field: 'feature', kind: 'email' },
  });
});

test('call sites are relative: an absolute path would name a home folder', () => {
  const site = (value: string): string | undefined => attributed({ 'x-tollgate-callsite': value }).callSite;
  assert.equal(site('/home/jane/shop/src/a.py:3:f'), 'src/a.py:3:f');
  assert.equal(site('C:\\Users\\jane\\shop\\src\\a.py:3:f'), 'src/a.py:3:f');
  assert.equal(site('src\\a.py:3:f'), 'src/a.py:3:f');
});

test('a commit that is no hash is left out, and so is a client that says more than a product', () => {
  assert.deepEqual(attributed({ 'x-tollgate-commit': 'main; rm', 'user-agent': 'jane’s laptop' }), {});
  assert.equal(attributed({ 'user-agent': 'ai/7.0.173 ai-sdk-provider-utils/5.0.81 node.js/24' }).client, 'ai/7.0.173');
});

test('no more than sixteen tags, and none of the reserved ones', () => {
  const many = Array.from({ length: 40 }, (_, index) => `t${index}=1`).join(',');
  const config = { tags: ['t15', 't16', 'tollgate.x'], pii: 'hash' } as const;
  const reading = readAttribution(
    { headers: new Map([['x-tollgate-tags', `tollgate.x=1,${many}`]]), body: undefined },
    { config, pseudonymKey, findPii },
  );
  assert.deepEqual(reading, { kind: 'read', attribution: { tags: { t15: '1' } } });
});
