import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, test } from 'node:test';
import { ReportUnavailable } from '../../../../src/ledger/reconcile/errors.ts';
import { fetchReport, type ReportRequest } from '../../../../src/ledger/reconcile/fetchReport.ts';
import { listenAsProvider } from '../../../support/listen.ts';

type Answer = { readonly status?: number; readonly body?: unknown; readonly location?: string };

/** Our own stand-in for the administration APIs: answers by path and page, and remembers what it was asked. */
async function withServer(
  answer: (path: string, page: string | null) => Answer,
  use: (baseUrl: string, asked: IncomingMessage[]) => Promise<void>,
): Promise<void> {
  const asked: IncomingMessage[] = [];
  const server = await listenAsProvider((request, response) => {
    asked.push(request);
    const url = new URL(request.url ?? '', 'http://x');
    const { status = 200, body, location } = answer(url.pathname, url.searchParams.get('page'));
    response.writeHead(status, location === undefined ? {} : { location });
    response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
  });
  try {
    await use(server.url, asked);
  } finally {
    await server.close();
  }
}

const openAi = (baseUrl: string): ReportRequest => ({
  provider: 'openai',
  dialect: 'openai',
  baseUrl: `${baseUrl}/v1`,
  adminKey: 'sk-admin-test',
  fromDay: '2026-10-01',
  toDay: '2026-10-02',
});

const bucket = (day: string, results: readonly unknown[]) => ({
  object: 'bucket',
  start_time: Date.parse(`${day}T00:00:00Z`) / 1000,
  end_time: 0,
  results,
});
const nothing = { object: 'page', data: [], has_more: false, next_page: null };

describe('fetchReport', () => {
  test('OpenAI: follows pages, asks for the period with the admin key', async () => {
    const usage = {
      object: 'organization.usage.completions.result',
      input_tokens: 5,
      output_tokens: 2,
      num_model_requests: 1,
    };
    const answer = (path: string, page: string | null): Answer => {
      if (path === '/v1/organization/usage/completions')
        return page === null
          ? { body: { data: [bucket('2026-10-01', [{ ...usage, model: 'a' }])], has_more: true, next_page: 'p2' } }
          : {
              body: {
                data: [bucket('2026-10-02', [{ ...usage, model: 'b', batch: true }])],
                has_more: false,
                next_page: null,
              },
            };
      if (path === '/v1/organization/costs')
        return {
          body: {
            data: [
              bucket('2026-10-01', [
                { amount: { value: 0.06, currency: 'usd' }, line_item: 'a, input' },
                { amount: null },
              ]),
            ],
            has_more: false,
          },
        };
      return { body: nothing };
    };
    await withServer(answer, async (baseUrl, asked) => {
      const report = await fetchReport(openAi(baseUrl), fetch);
      assert.deepEqual(
        report.usage.map(({ day, model, tier }) => [day, model, tier]),
        [
          ['2026-10-01', 'a', undefined],
          ['2026-10-02', 'b', 'batch'],
        ],
      );
      assert.deepEqual(report.costs, [{ day: '2026-10-01', item: 'a, input', model: 'a', picoUsd: 60_000_000_000n }]);
      const [first] = asked;
      assert.equal(first?.headers.authorization, 'Bearer sk-admin-test');
      const query = new URL(first?.url ?? '', 'http://x').searchParams;
      assert.equal(query.get('start_time'), String(Date.parse('2026-10-01T00:00:00Z') / 1000));
      assert.equal(query.get('end_time'), String(Date.parse('2026-10-03T00:00:00Z') / 1000));
      assert.deepEqual(query.getAll('group_by[]'), ['model', 'api_key_id', 'batch', 'service_tier']);
    });
  });

  test('Anthropic: amounts are cents, priority on demand is priority', async () => {
    const answer = (path: string): Answer => ({
      body: path.endsWith('/cost_report')
        ? {
            data: [
              {
                starting_at: '2026-10-01T00:00:00Z',
                results: [
                  {
                    currency: 'USD',
                    amount: '123.45',
                    description: 'Claude Haiku 4.5 Usage - Input Tokens',
                    cost_type: 'tokens',
                    model: 'claude-haiku-4-5',
                  },
                  {
                    currency: 'USD',
                    amount: '10',
                    description: 'Code Execution Usage',
                    cost_type: 'code_execution',
                    model: null,
                  },
                ],
              },
            ],
            has_more: false,
            next_page: null,
          }
        : {
            data: [
              {
                starting_at: '2026-10-01T00:00:00Z',
                results: [
                  {
                    model: 'claude-haiku-4-5',
                    uncached_input_tokens: 100,
                    cache_read_input_tokens: 5,
                    cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 },
                    output_tokens: 40,
                    service_tier: 'priority_on_demand',
                    api_key_id: null,
                  },
                ],
              },
            ],
            has_more: false,
            next_page: null,
          },
    });
    await withServer(answer, async (baseUrl, asked) => {
      const report = await fetchReport(
        { ...openAi(baseUrl), provider: 'anthropic', dialect: 'anthropic', baseUrl },
        fetch,
      );
      assert.deepEqual(report, {
        usage: [
          {
            day: '2026-10-01',
            model: 'claude-haiku-4-5',
            tier: 'priority',
            usage: { input: 100, cacheRead: 5, cacheWrite5m: 20, cacheWrite1h: 10, output: 40 },
          },
        ],
        costs: [
          {
            day: '2026-10-01',
            item: 'Claude Haiku 4.5 Usage - Input Tokens',
            picoUsd: 1_234_500_000_000n,
            model: 'claude-haiku-4-5',
          },
          { day: '2026-10-01', item: 'Code Execution Usage', picoUsd: 100_000_000_000n },
        ],
      });
      assert.equal(asked[0]?.headers['x-api-key'], 'sk-admin-test');
      assert.equal(asked[0]?.headers['anthropic-version'], '2023-06-01');
    });
  });

  test('an ordinary key, a foreign form, endless pages and a redirect are refused in words, never half read', async () => {
    const fails = (answer: (path: string, page: string | null) => Answer, message: RegExp) =>
      withServer(answer, async (baseUrl) => {
        await assert.rejects(
          fetchReport(openAi(baseUrl), fetch),
          (error) =>
            error instanceof ReportUnavailable &&
            message.test(error.message) &&
            !error.message.includes('sk-admin-test'),
        );
      });
    await fails(() => ({ status: 401 }), /admin key/);
    await fails(() => ({ status: 404 }), /import the exported CSV/);
    await fails(() => ({ status: 503 }), /Try again later/);
    await fails(() => ({ body: '<html>' }), /form that Tollgate does not know/);
    await fails(() => ({ body: { data: [{ results: 3 }] } }), /form that Tollgate does not know/);
    await fails(() => ({ body: { ...nothing, has_more: true, next_page: 'same' } }), /pages without end/);
    await fails(() => ({ status: 302, location: 'http://127.0.0.1:9/' }), /could not be fetched/);
  });
});
