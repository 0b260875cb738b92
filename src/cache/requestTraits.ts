import { arrayAt, isJsonObject, numberAt, objectAt, stringAt } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';

/** Why no answer to a request is ever kept or reused. */
export type Uncacheable = 'endpoint' | 'stateful' | 'background' | 'hostedTool' | 'audio';

/** Tools that the client runs; all others run at the provider, and look at the world or change it. */
const clientTools = new Set(['function', 'custom']);

/** What a provider does for a request besides answering cannot be replayed. */
export function uncacheable(request: ParsedRequest): Uncacheable | undefined {
  const { endpoint, body } = request;
  switch (endpoint) {
    case 'messages.count_tokens':
      return 'endpoint';
    case 'responses':
      if (body.background === true) return 'background';
      if (body.conversation !== undefined && body.conversation !== null) return 'stateful';
      return toolsOf(request).every((type) => clientTools.has(type)) ? undefined : 'hostedTool';
    case 'chat.completions':
      if (body.store === true) return 'stateful';
      if (objectAt(body, 'web_search_options') !== undefined) return 'hostedTool';
      return arrayAt(body, 'modalities').includes('audio') ? 'audio' : undefined;
    case 'messages':
      if (body.container !== undefined || arrayAt(body, 'mcp_servers').length > 0) return 'hostedTool';
      // Anthropic: a tool of the client has no type, or `custom`; versioned types are the provider's own.
      return toolsOf(request).every((type) => clientTools.has(type)) ? undefined : 'hostedTool';
    default:
      return undefined;
  }
}

function toolsOf({ body }: ParsedRequest): string[] {
  return arrayAt(body, 'tools').map((tool) => (isJsonObject(tool) && stringAt(tool, 'type')) || 'custom');
}

/** The request asks for the same answer each time: temperature 0, a seed, or an embedding. */
export function asksForDeterminism({ endpoint, body }: ParsedRequest): boolean {
  return endpoint === 'embeddings' || body.temperature === 0 || numberAt(body, 'seed') !== undefined;
}

/** The answer has to be JSON. */
export function wantsJson({ body }: ParsedRequest): boolean {
  const format =
    objectAt(body, 'response_format') ?? objectAt(objectAt(body, 'text'), 'format') ?? objectAt(body, 'output_format');
  const type = stringAt(format, 'type');
  return type === 'json_object' || type === 'json_schema';
}
