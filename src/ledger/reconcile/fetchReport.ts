import type * as z from 'zod';
import {
  anthropicCostPage,
  anthropicUsagePage,
  costsOfAnthropicPage,
  usageOfAnthropicPage,
} from './anthropicReport.ts';
import { dayMs, startOfUtcDay } from './days.ts';
import { reportRefused, reportUnreachable, reportUnreadable } from './errors.ts';
import { costsOfOpenAiPage, openAiCostsPage, openAiUsagePage, usageOfOpenAiPage } from './openaiReport.ts';
import { joinReports, type ProviderReport } from './providerReport.ts';

export interface ReportRequest {
  /** As the user calls it, for messages. */
  readonly provider: string;
  readonly dialect: 'openai' | 'anthropic';
  /** What the vendor's own SDK takes: OpenAI's with `/v1`, Anthropic's without. */
  readonly baseUrl: string;
  /** A key of the organisation's administration; ordinary keys are refused by both. */
  readonly adminKey: string;
  /** Both included, UTC. */
  readonly fromDay: string;
  readonly toDay: string;
  readonly signal?: AbortSignal;
}

interface Endpoint {
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly read: (body: unknown) => { report: ProviderReport; nextPage: string | undefined } | undefined;
}

/** Both providers page by at most 31 days of usage; a year has a dozen pages. */
const maxPages = 400;

/**
 * Fetches usage and costs per day from a provider's administration API, page by page.
 * Throws `ReportUnavailable`; what was fetched is complete or not returned.
 */
export async function fetchReport(request: ReportRequest, fetcher: typeof fetch): Promise<ProviderReport> {
  const endpoints = request.dialect === 'anthropic' ? anthropicEndpoints(request) : openAiEndpoints(request);
  const reports: ProviderReport[] = [];
  for (const endpoint of endpoints) reports.push(await fetchPages(request, endpoint, fetcher));
  return joinReports(reports);
}

async function fetchPages(request: ReportRequest, endpoint: Endpoint, fetcher: typeof fetch): Promise<ProviderReport> {
  const reports: ProviderReport[] = [];
  let page: string | undefined;
  for (let count = 0; count < maxPages; count += 1) {
    const body = await fetchPage(request, urlOf(request.baseUrl, endpoint, page), fetcher);
    const read = endpoint.read(body);
    if (read === undefined) throw reportUnreadable(request.provider, endpoint.path);
    reports.push(read.report);
    if (read.nextPage === undefined) return joinReports(reports);
    if (read.nextPage === page) break;
    page = read.nextPage;
  }
  throw reportUnreadable(request.provider, `${endpoint.path}: pages without end`);
}

async function fetchPage(request: ReportRequest, url: URL, fetcher: typeof fetch): Promise<unknown> {
  let response: Response;
  try {
    // The key must not follow a redirect to another host.
    response = await fetcher(url, {
      headers: headersOf(request),
      redirect: 'error',
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
  } catch (cause) {
    throw reportUnreachable(request.provider, cause);
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw reportRefused(request.provider, response.status);
  }
  try {
    return await response.json();
  } catch {
    throw reportUnreadable(request.provider, url.pathname);
  }
}

function headersOf({ dialect, adminKey }: ReportRequest): Record<string, string> {
  return dialect === 'anthropic'
    ? { 'x-api-key': adminKey, 'anthropic-version': '2023-06-01' }
    : { authorization: `Bearer ${adminKey}` };
}

function urlOf(baseUrl: string, { path, query }: Endpoint, page: string | undefined): URL {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}${path}`);
  for (const [name, value] of Object.entries(query))
    for (const one of typeof value === 'string' ? [value] : value) url.searchParams.append(name, one);
  if (page !== undefined) url.searchParams.set('page', page);
  return url;
}

function openAiEndpoints({ fromDay, toDay }: ReportRequest): Endpoint[] {
  const period = {
    start_time: String(startOfUtcDay(fromDay) / 1000),
    end_time: String((startOfUtcDay(toDay) + dayMs) / 1000),
    bucket_width: '1d',
  };
  const usage = readWith(openAiUsagePage, usageOfOpenAiPage);
  return [
    {
      path: '/organization/usage/completions',
      query: { ...period, limit: '31', 'group_by[]': ['model', 'api_key_id', 'batch', 'service_tier'] },
      read: usage,
    },
    {
      path: '/organization/usage/embeddings',
      query: { ...period, limit: '31', 'group_by[]': ['model', 'api_key_id'] },
      read: usage,
    },
    {
      path: '/organization/costs',
      query: { ...period, limit: '180', 'group_by[]': ['line_item'] },
      read: readWith(openAiCostsPage, costsOfOpenAiPage),
    },
  ];
}

function anthropicEndpoints({ fromDay, toDay }: ReportRequest): Endpoint[] {
  const period = {
    starting_at: `${fromDay}T00:00:00Z`,
    ending_at: new Date(startOfUtcDay(toDay) + dayMs).toISOString().replace('.000', ''),
    bucket_width: '1d',
    limit: '31',
  };
  return [
    {
      path: '/v1/organizations/usage_report/messages',
      query: { ...period, 'group_by[]': ['model', 'api_key_id', 'service_tier'] },
      read: readWith(anthropicUsagePage, usageOfAnthropicPage),
    },
    {
      path: '/v1/organizations/cost_report',
      query: { ...period, 'group_by[]': ['description'] },
      read: readWith(anthropicCostPage, costsOfAnthropicPage),
    },
  ];
}

function readWith<T extends { has_more?: boolean | undefined; next_page?: string | null | undefined }>(
  schema: z.ZodType<T>,
  reportOf: (page: T) => ProviderReport,
): Endpoint['read'] {
  return (body) => {
    const page = schema.safeParse(body);
    if (!page.success) return undefined;
    const { has_more: more, next_page: next } = page.data;
    return { report: reportOf(page.data), nextPage: more === false || !next ? undefined : next };
  };
}
