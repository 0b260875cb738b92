import type { Endpoint } from './dialect.ts';

/** A request's path, taken apart without changing a byte of what goes on. */
export interface RequestPath {
  /** `/p/<provider>/…` names it. */
  readonly provider: string | undefined;
  /** Below the provider and below any `/v1`; starts with `/`. */
  readonly rest: string;
  /** The path came with at least one `/v1` in front. */
  readonly versioned: boolean;
  /** With its `?`; empty when there is none. */
  readonly query: string;
  /** Undefined = passed through unread. */
  readonly endpoint: Endpoint | undefined;
  /** Where the path names the model, as Azure's does; absent elsewhere. */
  readonly deployment?: Deployment;
}

export interface Deployment {
  /** Percent-decoded; what the body says of a model does not count beside it. */
  readonly name: string;
  /** What is asked of it, as OpenAI's own path below `/v1`. */
  readonly operation: string;
}

const posts: ReadonlyMap<string, Endpoint> = new Map([
  ['/chat/completions', 'chat.completions'],
  ['/completions', 'completions'],
  ['/responses', 'responses'],
  ['/embeddings', 'embeddings'],
  ['/messages', 'messages'],
  ['/messages/count_tokens', 'messages.count_tokens'],
]);

/**
 * Takes the path of a request apart. Clients disagree on whether a base URL ends in `/v1` (the Anthropic SDK appends
 * `/v1/messages`, the AI SDK `/messages`), so any number of leading `/v1` reads the same.
 * @param path path and query below the workspace part
 */
export function readRequestPath(method: string, path: string): RequestPath {
  const mark = path.indexOf('?');
  const query = mark < 0 ? '' : path.slice(mark);
  let rest = mark < 0 ? path : path.slice(0, mark);
  let provider: string | undefined;
  if (rest.startsWith('/p/')) {
    const end = rest.indexOf('/', 3);
    provider = end < 0 ? rest.slice(3) : rest.slice(3, end);
    rest = end < 0 ? '/' : rest.slice(end);
  }
  const unversioned = withoutVersion(rest);
  const versioned = unversioned !== rest;
  const deployment = provider === undefined ? undefined : deploymentIn(unversioned);
  const endpoint = endpointOf(method, deployment?.operation ?? unversioned);
  if (deployment === undefined || endpoint === undefined)
    return { provider, rest: unversioned, versioned, query, endpoint };
  return { provider, rest: unversioned, versioned, query, endpoint, deployment };
}

/** Azure OpenAI's dated API (learn.microsoft.com, Azure OpenAI REST API reference, 2024-10-21). */
const deploymentPath = /^\/openai\/deployments\/([^/]+)(\/(?:chat\/completions|completions|embeddings))$/;

function deploymentIn(rest: string): Deployment | undefined {
  const [, written, operation] = deploymentPath.exec(rest) ?? [];
  if (written === undefined || operation === undefined) return undefined;
  const name = new URLSearchParams(`n=${written.replaceAll('+', '%2B').replaceAll('&', '%26')}`).get('n');
  return name === null ? undefined : { name, operation };
}

function withoutVersion(path: string): string {
  let rest = path;
  while (rest.startsWith('/v1/')) rest = rest.slice(3);
  return rest === '/v1' ? '/' : rest;
}

function endpointOf(method: string, rest: string): Endpoint | undefined {
  if (method === 'POST') return posts.get(rest);
  return method === 'GET' && rest === '/models' ? 'models' : undefined;
}
