import type { ProviderConfig } from '../config/config.ts';
import { demoBaseUrl, loopbackHosts } from '../config/demoBaseUrl.ts';
import type { Deployment, RequestPath } from '../wire/requestPath.ts';

/**
 * Where a request goes at a provider. Base URLs are what the vendor's own SDK takes: OpenAI's ends in `/v1`, Anthropic's
 * does not, and its SDK puts `/v1` in front of every path; one that ends in `/v1` all the same is taken as meant.
 * @param model named in the path of Azure's dated API
 */
export function upstreamUrl(provider: ProviderConfig, baseUrl: string, path: RequestPath, model?: string): string {
  const base = baseUrl.endsWith('/') ? baseUrl.slice(0, -1) : baseUrl;
  if (path.deployment !== undefined && model !== undefined) {
    if (isAzure(baseUrl)) return `${new URL(baseUrl).origin}${restFor(path, path.deployment, model)}${path.query}`;
    // Azure may stand behind a gateway of the user's own; an alias' target elsewhere has no deployments.
    if (model !== path.deployment.name || isDemo(baseUrl))
      return upstreamUrl(provider, baseUrl, withoutDeployment(path, path.deployment), model);
  }
  if (isDemo(baseUrl)) return `${demoBaseUrl}/v1${path.rest}${path.query}`;
  if (isAzure(baseUrl)) return azureUrl(base, path, provider.apiVersion, model);
  const isVersioned = path.versioned || path.endpoint !== undefined || path.rest.startsWith('/messages');
  const version = provider.dialect === 'anthropic' && isVersioned && !base.endsWith('/v1') ? '/v1' : '';
  return `${base}${version}${path.rest}${path.query}`;
}

/** Azure OpenAI and Foundry (learn.microsoft.com, Azure OpenAI v1 API, 2026): each customer has a host of its own. */
export function isAzure(baseUrl: string): boolean {
  // Asked for every call: a URL is only taken apart where it can matter.
  if (!baseUrl.includes('.azure.')) return false;
  return /\.(?:openai|services\.ai|cognitiveservices)\.azure\.(?:com|us|cn)$/.test(URL.parse(baseUrl)?.hostname ?? '');
}

/** What is asked of a deployment in the dated API; everything else stands beside the deployments. */
const ofDeployment: ReadonlySet<string | undefined> = new Set(['chat.completions', 'completions', 'embeddings']);

/** The v1 API is OpenAI's under `/openai/v1`; the dated one has the model in the path and its date in the query. */
function azureUrl(base: string, { rest, query, endpoint }: RequestPath, apiVersion?: string, model?: string): string {
  const isBare = URL.parse(base)?.pathname === '/';
  if (apiVersion === undefined) return `${base}${isBare ? '/openai/v1' : ''}${rest}${query}`;
  const root = isBare ? `${base}/openai` : base.replace(/\/v1$/, '');
  const deployment =
    model !== undefined && ofDeployment.has(endpoint) ? `/deployments/${encodeURIComponent(model)}` : '';
  const dated = /[?&]api-version=/.test(query) ? query : `${query}${query === '' ? '?' : '&'}api-version=${apiVersion}`;
  return `${root}${deployment}${rest}${dated}`;
}

/** The path as the client wrote it, where it names the model that is asked. */
function restFor({ rest }: RequestPath, { name, operation }: Deployment, model: string): string {
  return model === name ? rest : `/openai/deployments/${encodeURIComponent(model)}${operation}`;
}

function withoutDeployment({ provider, endpoint, query }: RequestPath, { operation }: Deployment): RequestPath {
  const kept = query
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('api-version='));
  const others = kept.length === 0 ? '' : `?${kept.join('&')}`;
  return { provider, rest: operation, versioned: true, query: others, endpoint };
}

/** Host and port of a base URL, for messages; never a path or query, which may carry a key. */
export function hostOf(baseUrl: string): string {
  return URL.parse(baseUrl)?.host ?? 'its base URL';
}

/** The built-in demo provider. */
export function isDemo(baseUrl: string): boolean {
  return baseUrl.startsWith(demoBaseUrl);
}

/** This machine: no key is needed and plain http is safe. */
export function isLoopback(baseUrl: string): boolean {
  return loopbackHosts.has(URL.parse(baseUrl)?.hostname ?? '');
}

/** Dot segments would be resolved by whoever comes next, to another path than the one looked at here. */
export function hasDotSegments(path: string): boolean {
  if (!path.includes('.') && !path.includes('%')) return false;
  return /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(path.split('?', 1)[0] ?? '');
}
