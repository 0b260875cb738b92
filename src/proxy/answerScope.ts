import { pseudonym } from '../attribution/pseudonym.ts';
import type { AnswerScope } from '../cache/answerCache.ts';
import type { Call } from './call.ts';
import type { PlannedTarget } from './plan.ts';

/** Request headers that change what a provider answers, as its query may (`?api-version=`, `?beta=true`). */
const variantHeaders = ['anthropic-version', 'anthropic-beta', 'openai-organization', 'openai-project', 'openai-beta'];

/** Who asks whom, as the cache has to keep answers apart. */
export function answerScope(
  call: Call,
  target: PlannedTarget,
  namespace: string | undefined,
  digest: (secret: string) => string,
): AnswerScope {
  const { values } = call.headers;
  const { attribution, alias } = call.facts;
  const { credentials, provider, model } = target;
  let variant = '';
  for (const name of variantHeaders) if (values.has(name)) variant += `${name}=${values.get(name)}\n`;
  if (call.path.query !== '') variant += `${call.path.query}\n`;
  return {
    workspaceId: call.request.workspaceId,
    session: attribution.session,
    user: attribution.userPseudonym,
    namespace,
    provider: provider.name,
    baseUrl: provider.baseUrl,
    model,
    alias: alias === undefined ? undefined : aliasRevision(alias),
    credential: credentials.kind === 'client' || credentials.kind === 'stored' ? digest(credentials.secret) : '',
    variant,
  };
}

/** An alias that stands for other targets than before gets new answers, whichever of them answers. */
function aliasRevision({ name, config }: NonNullable<Call['facts']['alias']>): string {
  return JSON.stringify([name, ...config.targets.map(({ provider, model }) => `${provider}/${model}`)]);
}

/** Keys are few and come with every request, so their digests are remembered, up to this many. */
const rememberedDigests = 64;

/** Digests of credentials, with the installation's own key. */
export function createDigest(key: Uint8Array): (secret: string) => string {
  const known = new Map<string, string>();
  return (secret) => {
    const remembered = known.get(secret);
    if (remembered !== undefined) return remembered;
    if (known.size >= rememberedDigests) known.clear();
    const digest = pseudonym(key, secret);
    known.set(secret, digest);
    return digest;
  };
}
