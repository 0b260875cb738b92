import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PricesNotUpdated } from '../../../src/catalog/errors.ts';
import { fetchPrices, maxPriceBytes } from '../../../src/catalog/fetchPrices.ts';

const table = {
  schema: 1,
  asOf: '2026-11-01',
  sources: [{ name: 's' }],
  models: { p: [{ id: 'm', usd: { input: 1 } }] },
};
const url = 'https://prices.example/prices.json';
const noFile = () => Promise.reject(new Error('no file is to be read'));

/** Answers as a web server does; keeps what it was asked. */
function server(answer: (request: Request) => Response) {
  const asked: Request[] = [];
  const fetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    asked.push(request);
    return Promise.resolve(answer(request));
  };
  return { asked, fetch };
}

async function problem(options: Partial<Parameters<typeof fetchPrices>[0]>): Promise<string> {
  try {
    await fetchPrices({ url, fetch: server(() => Response.json(table)).fetch, readFile: noFile, ...options });
  } catch (error) {
    assert.ok(error instanceof PricesNotUpdated);
    return error.message;
  }
  return 'fetched';
}

test('a price file is fetched with its tag, and asked for by it the next time', async () => {
  const { asked, fetch } = server((request) =>
    request.headers.get('if-none-match') === '"v1"'
      ? new Response(null, { status: 304 })
      : Response.json(table, { headers: { etag: '"v1"' } }),
  );
  const first = await fetchPrices({ url, fetch, readFile: noFile });
  assert.deepEqual(first, { kind: 'fetched', data: table, asOf: '2026-11-01', etag: '"v1"' });
  assert.deepEqual(await fetchPrices({ url, etag: '"v1"', fetch, readFile: noFile }), { kind: 'unchanged' });
  assert.deepEqual(
    asked.map(({ redirect }) => redirect),
    ['error', 'error'],
  );
});

test('a file is read from its path', async () => {
  const readFile = (path: string) => Promise.resolve(Buffer.from(path === '/p.json' ? JSON.stringify(table) : ''));
  const fetched = await fetchPrices({ url: '/p.json', fetch: server(() => Response.error()).fetch, readFile });
  assert.deepEqual(fetched, { kind: 'fetched', data: table, asOf: '2026-11-01' });
});

test('what cannot be used is refused with the reason and the remedy', async () => {
  assert.match(
    await problem({ url: 'http://prices.example' }),
    /neither an https address.*Correct "tollgate.prices.url"/,
  );
  assert.match(await problem({ url: 'prices.json' }), /neither an https address/);
  assert.match(await problem({ fetch: server(() => new Response('', { status: 500 })).fetch }), /HTTP 500.*network/);
  assert.match(
    await problem({ fetch: server(() => new Response('<html>')).fetch }),
    /no price file \(wrong at its first/,
  );
  const wrong = { ...table, models: { p: [{ id: 'm', usd: { input: '1' } }] } };
  assert.match(
    await problem({ fetch: server(() => Response.json(wrong)).fetch }),
    /wrong at prices.models.p\[0\].usd.input/,
  );
  assert.match(
    await problem({ fetch: () => Promise.reject(new TypeError('fetch failed')) }),
    /could not be read \(fetch failed\)/,
  );
  assert.match(await problem({ url: '/gone.json', readFile: () => Promise.reject(new Error('ENOENT')) }), /ENOENT/);
  assert.match(
    await problem({ url: '/large.json', readFile: () => Promise.resolve(new Uint8Array(maxPriceBytes + 1)) }),
    /larger than 2 MB/,
  );
});

test('an endless answer is not read to its end', async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent += 100_000;
      controller.enqueue(new Uint8Array(100_000));
    },
  });
  assert.match(await problem({ fetch: server(() => new Response(endless)).fetch }), /larger than 2 MB/);
  assert.ok(sent < maxPriceBytes + 1_000_000);
});
