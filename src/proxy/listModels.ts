import { decodeBody } from '../wire/contentCoding.ts';
import { isJsonObject, type JsonObject, parseJson } from '../wire/json.ts';
import { modelList } from '../wire/modelList.ts';
import { type Call, closeCall } from './call.ts';
import type { Provider } from './chooseProvider.ts';
import { credentialsFor, headersFor } from './credentials.ts';
import type { ProxyResponse } from './exchange.ts';
import { explainHeaders } from './explainHeaders.ts';
import { readBody } from './readBody.ts';
import { headerOf } from './requestHeaders.ts';
import { UpstreamFailed } from './upstreamFailed.ts';
import { isDemo, upstreamUrl } from './upstreamUrl.ts';

/** A list nobody would page through by hand. */
const maxListBytes = 16 * 1024 * 1024;
/** A model picker that waits longer than this is broken. */
const firstByteMs = 10_000;

/** `GET /models`: aliases and what the provider answers; aliases alone where it has no key, refuses or is down. */
export async function listModels(call: Call, provider: Provider, meantFor: string): Promise<ProxyResponse> {
  const upstream = await providersList(call, provider, meantFor);
  const { dialect } = provider.config;
  const list = modelList(dialect, listedAliases(call), upstream, call.path.query);
  const body = Buffer.from(JSON.stringify(list), 'utf8');
  closeCall(call, 200);
  return {
    status: 200,
    headers: [
      ['content-type', 'application/json'],
      ['content-length', String(body.length)],
      ...explainHeaders(call, { provider: provider.name, costed: true }),
    ],
    body,
  };
}

/** Every client can call every alias: what a target does not speak is translated. */
function listedAliases({ config }: Call): { name: string; targets: string[] }[] {
  return Object.entries(config.aliases).map(([name, { targets }]) => ({
    name,
    targets: targets.map(({ provider, model }) => `${provider}/${model}`),
  }));
}

async function providersList(call: Call, provider: Provider, meantFor: string): Promise<JsonObject | undefined> {
  const credentials = credentialsFor(call, provider, meantFor);
  if (credentials.kind === 'missing') return undefined;
  const { clock, timeouts, demoUpstream, upstream } = call.deps;
  const sentAt = clock.monotonicMs();
  try {
    const response = await (isDemo(provider.baseUrl) ? demoUpstream : upstream)({
      method: 'GET',
      url: upstreamUrl(provider.config, provider.baseUrl, call.path),
      headers: headersFor(call, provider, credentials),
      body: undefined,
      signal: call.request.signal,
      timeouts: { firstByteMs: Math.min(firstByteMs, timeouts.firstByteMs), idleMs: timeouts.idleMs },
    });
    const bytes = await readBody(response.body, maxListBytes);
    if (response.status !== 200 || bytes === undefined) return undefined;
    const plain = await decodeBody(bytes, headerOf(response.headers, 'content-encoding'));
    const value = plain === undefined ? undefined : parseJson(Buffer.from(plain).toString('utf8'));
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (!(error instanceof UpstreamFailed)) throw error;
    call.deps.log.debug(`call ${call.id}: ${provider.name} gave no list of models (${error.failure})`);
    return undefined;
  } finally {
    call.facts.upstreamMs += clock.monotonicMs() - sentAt;
  }
}
