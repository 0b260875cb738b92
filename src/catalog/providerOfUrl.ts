/** Hosts of the providers of the price data: whole, or the end of one after a dot. */
const hosts: readonly (readonly [host: string, provider: string])[] = [
  ['api.openai.com', 'openai'],
  ['anthropic.com', 'anthropic'],
  ['claude.com', 'anthropic'],
  ['googleapis.com', 'google'],
  ['openai.azure.com', 'azure'],
  ['azure-api.net', 'azure'],
  ['cognitiveservices.azure.com', 'azure'],
  ['services.ai.azure.com', 'azure'],
  ['api.mistral.ai', 'mistral'],
  ['api.deepseek.com', 'deepseek'],
  ['api.x.ai', 'xai'],
  ['api.cohere.ai', 'cohere'],
  ['api.cohere.com', 'cohere'],
  ['api.perplexity.ai', 'perplexity'],
  ['api.groq.com', 'groq'],
  ['api.together.xyz', 'together'],
  ['api.together.ai', 'together'],
  ['api.fireworks.ai', 'fireworks'],
  ['api.cerebras.ai', 'cerebras'],
  ['api.cloudflare.com', 'cloudflare'],
  ['api.githubcopilot.com', 'github-copilot'],
  ['api.moonshot.ai', 'moonshotai'],
  ['api.moonshot.cn', 'moonshotai'],
  ['api.minimax.io', 'minimax'],
  ['api.minimaxi.com', 'minimax'],
  ['api.z.ai', 'zai'],
  ['open.bigmodel.cn', 'zhipuai'],
  ['api.voyageai.com', 'voyageai'],
  ['api.ai21.com', 'ai21'],
  ['api.jina.ai', 'jina'],
  ['api.reka.ai', 'reka'],
  ['dashscope.aliyuncs.com', 'alibaba'],
  ['dashscope-intl.aliyuncs.com', 'alibaba'],
  ['openrouter.ai', 'openrouter'],
  ['api.novita.ai', 'novita'],
  ['inference.baseten.co', 'baseten'],
  ['api.arcee.ai', 'arcee'],
  ['kepler.ai.cloud.ovh.net', 'ovhcloud'],
];

/** `bedrock-runtime.eu-west-1.amazonaws.com`, also with `fips` or in China. */
const bedrockHost = /^bedrock(?:-[\w-]+)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/;
const localPorts: ReadonlyMap<string, string> = new Map([
  ['11434', 'ollama'],
  ['1234', 'lmstudio'],
]);
const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\]|host\.docker\.internal)$/;

/**
 * Whose prices hold at a base URL, by its host; undefined for one that is nobody's of the price data (a gateway of one's
 * own, a test server). Servers of local models are told by their usual ports.
 * @param baseUrl as configured; what is no URL has no provider
 */
export function providerOfUrl(baseUrl: string): string | undefined {
  if (!URL.canParse(baseUrl)) return undefined;
  const { hostname, port } = new URL(baseUrl);
  if (loopback.test(hostname)) return localPorts.get(port);
  if (bedrockHost.test(hostname)) return 'aws';
  return hosts.find(([host]) => hostname === host || hostname.endsWith(`.${host}`))?.[1];
}

/** Providers that run models on the user's own machine: billed by nobody. */
export function isLocalProvider(name: string): boolean {
  return /^(?:ollama|ollama_chat|lmstudio|lm_studio|llamacpp|llama\.cpp|llamafile|vllm)$/i.test(name);
}
