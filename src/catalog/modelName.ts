/** One way to read a text as a model id: of a provider, where a prefix or the caller says so. */
export interface ModelName {
  readonly provider: string | undefined;
  readonly id: string;
}

/** Names that SDKs, gateways and prompt files give to the providers of the price data. */
const providerNames: ReadonlyMap<string, string> = new Map([
  ['openai', 'openai'],
  ['openai-chat', 'openai'],
  ['openai-responses', 'openai'],
  ['text-completion-openai', 'openai'],
  ['anthropic', 'anthropic'],
  ['google', 'google'],
  ['googleai', 'google'],
  ['gemini', 'google'],
  ['vertexai', 'google'],
  ['vertex_ai', 'google'],
  ['vertex_ai_beta', 'google'],
  ['google-vertex', 'google'],
  ['google-gla', 'google'],
  ['google_genai', 'google'],
  ['google_vertexai', 'google'],
  ['googlegenai', 'google'],
  ['mistral', 'mistral'],
  ['mistralai', 'mistral'],
  ['groq', 'groq'],
  ['deepseek', 'deepseek'],
  ['xai', 'xai'],
  ['x-ai', 'xai'],
  ['azure', 'azure'],
  ['azure_ai', 'azure'],
  ['azure_openai', 'azure'],
  ['azureopenai', 'azure'],
  ['azure-openai', 'azure'],
  ['aws', 'aws'],
  ['bedrock', 'aws'],
  ['bedrock_converse', 'aws'],
  ['amazon-bedrock', 'aws'],
  ['amazon', 'aws'],
  ['cohere', 'cohere'],
  ['cohere_chat', 'cohere'],
  ['perplexity', 'perplexity'],
  ['together', 'together'],
  ['together_ai', 'together'],
  ['togetherai', 'together'],
  ['fireworks', 'fireworks'],
  ['fireworks-ai', 'fireworks'],
  ['fireworks_ai', 'fireworks'],
  ['cerebras', 'cerebras'],
  ['cloudflare', 'cloudflare'],
  ['workers-ai', 'cloudflare'],
  ['github-copilot', 'github-copilot'],
  ['github_copilot', 'github-copilot'],
  ['moonshot', 'moonshotai'],
  ['moonshotai', 'moonshotai'],
  ['minimax', 'minimax'],
  ['zai', 'zai'],
  ['z-ai', 'zai'],
  ['zhipuai', 'zhipuai'],
  ['voyage', 'voyageai'],
  ['voyageai', 'voyageai'],
  ['ai21', 'ai21'],
  ['jina', 'jina'],
  ['jina_ai', 'jina'],
  ['reka', 'reka'],
  ['alibaba', 'alibaba'],
  ['dashscope', 'alibaba'],
  ['openrouter', 'openrouter'],
  ['novita', 'novita'],
  ['novita-ai', 'novita'],
  ['baseten', 'baseten'],
  ['arcee', 'arcee'],
  ['ovhcloud', 'ovhcloud'],
]);

/** promptfoo's `openai:chat:gpt-4o`, LiteLLM's `bedrock/converse/…`, Google's `googleai/models/…`. */
const callKind =
  /^(?:messages|chat|completion|completions|responses|embedding|embeddings|converse|invoke|models|image|live)[:/]/;
const bedrockRegion = /^(?:us|eu|apac|au|jp|ca|in|us-gov|global)\.(?=[a-z0-9]+\.)/;
const bedrockArn = /^arn:aws[\w-]*:bedrock:[^/]*\/(.+)$/;
const vertexPath = /(?:^|\/)publishers\/[\w-]+\/models\/(.+)$/;

/** The price data's name of a provider; a name it does not know comes back as it is. */
export function canonicalProvider(name: string): string {
  return providerNames.get(name.toLowerCase()) ?? name;
}

function withoutRegion(id: string): ModelName[] {
  const region = bedrockRegion.exec(id);
  if (region === null) return [];
  return [
    { provider: 'aws', id },
    { provider: 'aws', id: id.slice(region[0].length) },
  ];
}

function withoutPrefix(text: string): ModelName[] {
  const prefix = /^([\w-]+)[:/](.+)$/.exec(text);
  const provider = prefix?.[1] === undefined ? undefined : providerNames.get(prefix[1].toLowerCase());
  const rest = prefix?.[2];
  if (provider === undefined || rest === undefined) return [];
  const id = rest.replace(callKind, '');
  return [{ provider, id }, ...(provider === 'aws' ? [...withoutArn(id), ...withoutRegion(id)] : [])];
}

function withoutArn(text: string): ModelName[] {
  const id = bedrockArn.exec(text)?.[1];
  return id === undefined ? [] : [{ provider: 'aws', id }, ...withoutRegion(id)];
}

/**
 * The ways to read a text as a model id, most literal first. A prefix that names a provider is taken off and kept as the
 * provider; a prefix we do not know stays part of the id, so that `somegateway/gpt-4o` is not taken for OpenAI's.
 */
export function readModelName(text: string, provider: string | undefined): ModelName[] {
  const given = provider === undefined ? undefined : canonicalProvider(provider);
  const google = /^(?:models\/)(.+)$/.exec(text)?.[1] ?? vertexPath.exec(text)?.[1];
  const readings = [
    ...withoutPrefix(text),
    ...(google === undefined ? [] : [{ provider: 'google', id: google }]),
    ...withoutArn(text),
    ...withoutRegion(text),
  ];
  const agreeing = given === undefined ? readings : readings.filter((reading) => reading.provider === given);
  return [{ provider: given, id: text }, ...agreeing];
}
