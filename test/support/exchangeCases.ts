import { gzipSync } from 'node:zlib';
import type { HeaderPairs } from '../../src/proxy/exchange.ts';
import { wireJson } from './wireFixtures.ts';

/** One request and the answer it gets, both in pieces that are written one after the other. */
export interface ExchangeCase {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: HeaderPairs;
  readonly body?: readonly Uint8Array[];
  readonly status?: number;
  readonly answerHeaders?: HeaderPairs;
  readonly answer?: readonly Uint8Array[];
  /** An answer that is read whole gets the length it turned out to have. */
  readonly isReadWhole?: boolean;
}

const text = (value: string): Uint8Array => Buffer.from(value);
const json = (value: unknown): Uint8Array => text(JSON.stringify(value));
const binary = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) & 0xff));
const ofLength = (...pieces: readonly Uint8Array[]): readonly [string, string] => [
  'Content-Length',
  String(pieces.reduce((sum, piece) => sum + piece.byteLength, 0)),
];

const multipart = [
  text('--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n--b\r\n'),
  text(
    'Content-Disposition: form-data; name="file"; filename="é.bin"\r\nContent-Type: application/octet-stream\r\n\r\n',
  ),
  binary,
  text('\r\n--b--\r\n'),
];
const gzipped = gzipSync(JSON.stringify({ data: 'x'.repeat(500) }));
const filesJson: HeaderPairs = [['Content-Type', 'application/json']];
const big = 'v'.repeat(8 * 1024);

/** On paths that are not read. */
export const passedCases: readonly ExchangeCase[] = [
  {
    name: 'a multipart upload with its length',
    method: 'POST',
    path: '/files',
    headers: [['Content-Type', 'multipart/form-data; boundary=b'], ofLength(...multipart)],
    body: multipart,
    answerHeaders: [...filesJson, ofLength(text('{}'))],
    answer: [text('{}')],
  },
  {
    name: 'a multipart upload in chunks',
    method: 'POST',
    path: '/audio/transcriptions',
    headers: [['content-TYPE', 'multipart/form-data; boundary="b"']],
    body: multipart,
    answerHeaders: [['Content-Type', 'text/plain']],
    answer: [text('hel'), text('lo')],
  },
  {
    name: 'a binary download with its length',
    method: 'GET',
    path: '/files/f-1/content',
    answerHeaders: [['Content-Type', 'application/octet-stream'], ['ETag', '"a"'], ofLength(binary)],
    answer: [binary],
  },
  {
    name: 'a binary download in chunks, without a type',
    method: 'GET',
    path: '/files/f-1/content',
    answer: [binary, binary],
  },
  {
    name: 'a gzip answer stays as it is',
    method: 'GET',
    path: '/fine_tuning/jobs',
    headers: [['Accept-Encoding', 'gzip, br;q=0.5']],
    answerHeaders: [...filesJson, ['Content-Encoding', 'gzip'], ['Vary', 'Accept-Encoding'], ofLength(gzipped)],
    answer: [gzipped],
  },
  {
    name: 'a gzip request stays as it is',
    method: 'POST',
    path: '/moderations',
    headers: [...filesJson, ['Content-Encoding', 'gzip'], ofLength(gzipped)],
    body: [gzipped],
  },
  {
    name: 'HEAD, whose length is of what GET gives',
    method: 'HEAD',
    path: '/files/f',
    answerHeaders: [ofLength(binary)],
  },
  { name: 'HEAD of something without a length', method: 'HEAD', path: '/files/f' },
  { name: 'PUT', method: 'PUT', path: '/x', headers: [ofLength(binary)], body: [binary], status: 201 },
  { name: 'PATCH in chunks', method: 'PATCH', path: '/x', body: [text('{"a":1}')], status: 202 },
  {
    name: 'DELETE',
    method: 'DELETE',
    path: '/files/f-1',
    answerHeaders: filesJson,
    answer: [text('{"deleted":true}')],
  },
  { name: 'DELETE with a body', method: 'DELETE', path: '/x', headers: [['Content-Length', '2']], body: [text('{}')] },
  { name: 'GET with a body', method: 'GET', path: '/x', headers: [['Content-Length', '2']], body: [text('{}')] },
  { name: 'OPTIONS', method: 'OPTIONS', path: '/x', answerHeaders: [['Allow', 'GET, POST']], status: 204 },
  { name: '204', method: 'POST', path: '/x/cancel', headers: [['Content-Length', '0']], status: 204 },
  { name: '304', method: 'GET', path: '/x', headers: [['If-None-Match', '"a"']], status: 304 },
  {
    name: 'a redirect',
    method: 'GET',
    path: '/x',
    status: 307,
    answerHeaders: [['Location', 'https://example.com/a?b#c']],
  },
  {
    name: 'an error',
    method: 'GET',
    path: '/x',
    status: 529,
    answerHeaders: filesJson,
    answer: [text('{"error": {}}\n')],
  },
  {
    name: 'an empty body with its length',
    method: 'POST',
    path: '/x',
    headers: [['Content-Length', '0']],
    answerHeaders: [['Content-Length', '0']],
  },
  { name: 'an empty body in chunks', method: 'POST', path: '/x', body: [] },
  ...[
    '/files?after=x%20y&limit=2&limit=&z&plus=a+b&q=%E2%9C%93&a[]=1&j={"k":"v"}|^`',
    '/files?',
    '/files?a=?&b=/../c',
    '/files/a%2Fb%20c%c3%A9%00/',
    "/files/~a!$&'()*,;=:@-._/x//y/",
    `/files/${encodeURIComponent('naïve/日本 😀')}/%e6%97%A5?q=%u65e5%zz`,
    '/a\\b/"c"/<d>',
  ].map((path): ExchangeCase => ({ name: `the path ${JSON.stringify(path)}`, method: 'GET', path })),
  {
    name: 'large, repeated, empty and non-ASCII headers, in their order and case',
    method: 'GET',
    path: '/x',
    headers: [
      ['X-Big', big],
      ['x-dup', 'a'],
      ['X-Other', ''],
      ['X-DUP', 'b'],
      ['Cookie', 'a=1; b=2'],
      ['X-Bytes', Buffer.from('é✓').toString('latin1')],
      ['User-Agent', 'raw/1 (a; b)'],
      ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    ],
    answerHeaders: [
      ['X-Big', big],
      ['x-ratelimit-remaining', '1'],
      ['Warning', 'a'],
      ['X-Empty', ''],
      ['warning', 'b'],
      ['X-Bytes', Buffer.from('é✓').toString('latin1')],
    ],
  },
  ...['application/x-ndjson', 'text/PLAIN;charset="UTF-8" ; x=y', 'audio/mpeg', 'nonsense', ''].map(
    (type): ExchangeCase => ({
      name: `the content type ${JSON.stringify(type)}`,
      method: 'POST',
      path: '/audio/speech',
      headers: [['Content-Type', type], ofLength(binary)],
      body: [binary],
      answerHeaders: [['Content-Type', type]],
      answer: [binary],
    }),
  ),
  {
    name: 'server-sent events of a path that is not read',
    method: 'GET',
    path: '/threads/t/runs?stream=true',
    answerHeaders: [['Content-Type', 'text/event-stream']],
    answer: [text(': hi\r\nretry: 10\r\n\r\nid: 1\r\nda'), text('ta: a\rdata:b\n\n\n\ndata: left open')],
  },
];

const asked = { model: 'gpt-test', messages: [{ role: 'user', content: 'hé' }] };
const spaced = text(
  '{ "model" : "gpt-test",\r\n\t"messages":[{"role":"user","content":"\\u00e9 é \\/"}],"x":1.0e0,"x":-0 }\n',
);
const streamed = json({ ...asked, stream: true, stream_options: { include_usage: true } });
const chunk = { id: 'c', object: 'chat.completion.chunk', model: 'gpt-test' };
const answer = json(wireJson('chat.json'));
const answerZipped = gzipSync(answer);

/** On endpoints that are read. */
export const meteredCases: readonly ExchangeCase[] = [
  {
    name: 'JSON with odd spacing, escapes and a repeated member',
    method: 'POST',
    path: '/chat/completions?beta=true',
    headers: [['Content-Type', 'application/json; charset=UTF-8'], ofLength(spaced)],
    body: [spaced],
    answerHeaders: [...filesJson, ['x-request-id', 'r'], ofLength(answer)],
    answer: [answer],
  },
  {
    name: 'a gzip answer',
    method: 'POST',
    path: '/chat/completions',
    headers: [...filesJson, ['Accept-Encoding', 'gzip'], ofLength(json(asked))],
    body: [json(asked)],
    answerHeaders: [...filesJson, ['Content-Encoding', 'gzip'], ofLength(answerZipped)],
    answer: [answerZipped],
  },
  {
    name: 'an answer in chunks',
    method: 'POST',
    path: '/chat/completions',
    headers: [...filesJson, ofLength(json(asked))],
    body: [json(asked)],
    answerHeaders: filesJson,
    answer: [answer.subarray(0, 9), answer.subarray(9), text('\n')],
    isReadWhole: true,
  },
  {
    name: 'a provider’s error',
    method: 'POST',
    path: '/chat/completions',
    headers: [...filesJson, ofLength(json(asked))],
    body: [json(asked)],
    status: 400,
    answerHeaders: [...filesJson, ['x-request-id', 'r'], ofLength(text('{ "error" : {} }'))],
    answer: [text('{ "error" : {} }')],
  },
  {
    name: 'server-sent events with comments, CRLF, retry and id fields, cut within lines and characters',
    method: 'POST',
    path: '/chat/completions',
    headers: [...filesJson, ['Accept', 'text/event-stream'], ofLength(streamed)],
    body: [streamed],
    answerHeaders: [
      ['Content-Type', 'text/event-stream; charset=utf-8'],
      ['Cache-Control', 'no-cache'],
    ],
    answer: cutEvery(
      11,
      text(
        [
          ': comment\r\n\r\nretry: 3000\r\n\r\n',
          `id: 1\r\nevent: message\r\ndata: ${JSON.stringify({ ...chunk, choices: [{ index: 0, delta: { content: 'é✓😀' } }] })}\r\n\r\n`,
          `:\n\nid:2\ndata:${JSON.stringify({ ...chunk, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`,
          `data: ${JSON.stringify({ ...chunk, choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } })}\n\n`,
          'unknown: field\n\ndata: [DONE]\n\n',
        ].join(''),
      ),
    ),
  },
];

function cutEvery(size: number, bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.byteLength / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}
