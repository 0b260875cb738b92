import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamOptionsWithUsage } from '../../../src/wire/includeUsage.ts';
import { withoutUsage } from '../../../src/wire/withoutUsage.ts';
import { parsedRequest, wireFixture } from '../../support/wireFixtures.ts';

const hidden = (text: string): string => Buffer.from(withoutUsage(Buffer.from(text))).toString('utf8');

test('the chunk that was asked for in the client’s place is taken out, and the nulls of the others', () => {
  const stream = wireFixture('chat.sse').toString('utf8');
  const expected = stream
    .split('\n\n')
    .filter((event) => !event.includes('"choices":[]'))
    .join('\n\n')
    .replaceAll(',"usage":null', '');
  assert.equal(hidden(stream), expected);
  assert.equal(expected.includes('\\"usage\\":{}'), true);
});

test('bytes without usage are the very same object', () => {
  const bytes = Buffer.from('data: {"choices":[{"delta":{"content":"hi"}}]}\n\ndata: [DONE]\n\n');
  assert.equal(withoutUsage(bytes), bytes);
});

test('a chunk with usage and choices stays, and so does text about usage, a comment, and an event of several lines', () => {
  for (const event of [
    'data: {"choices":[{"index":0}],"usage":{"total_tokens":1}}\n\n',
    'data: {"choices":[{"delta":{"content":"\\"usage\\":null"}}]}\n\n',
    ': "usage" {"choices":[],"usage":{}}\n\n',
    'event: x\ndata: {"choices":[],\ndata: "usage":{}}\n\n',
    'data: {"choices":[{"usage":null}]}\n\n',
  ])
    assert.equal(hidden(event), event);
});

test('CRLF lines end events too', () => {
  assert.equal(hidden('data: {"choices":[],"usage":{}}\r\n\r\ndata: [DONE]\r\n\r\n'), 'data: [DONE]\r\n\r\n');
});

test('usage is asked for where a stream has such an option and the client has not asked itself', () => {
  const options = (endpoint: 'chat.completions' | 'responses' | 'completions', body: object): string | undefined =>
    streamOptionsWithUsage(parsedRequest(endpoint, body));
  assert.equal(options('chat.completions', { stream: true }), '{"include_usage":true}');
  assert.equal(options('completions', { stream: true, stream_options: null }), '{"include_usage":true}');
  assert.equal(
    options('chat.completions', { stream: true, stream_options: { include_usage: false, include_obfuscation: false } }),
    '{"include_usage":true,"include_obfuscation":false}',
  );
  assert.equal(options('chat.completions', { stream: true, stream_options: { include_usage: true } }), undefined);
  assert.equal(options('chat.completions', { stream: false }), undefined);
  assert.equal(options('responses', { stream: true }), undefined);
});
