import type { Catalog } from '../../catalog/catalog.ts';

/**
 * What a string is, read as a model: a declared `alias`; `known` to the catalogue; `shaped` like the ids of a family,
 * digits left open so that next year's models are seen; `word`, known or shaped but also an ordinary word (`o1`, `sonar`),
 * which needs a better place; `idLike`, could be the id of a model nobody told us of; or nothing of the kind.
 */
export type ModelText = 'alias' | 'known' | 'shaped' | 'word' | 'idLike' | 'no';

const list = (text: string): string => text.trim().split(/\s+/).join('|');

/** Families whose ids begin so. */
const familyPattern = list(`
  gpt-\\d gpt-35- gpt-oss gpt-image gpt-realtime gpt-audio gpt\\d(?:[\\do-]|\\.\\d) gpt[2345]$ distilgpt2 chatgpt-(?:\\d|image) o[1-9](?:-|$) codex-mini
  text-embedding- embedding-\\d text-(?:davinci|curie|babbage|ada|bison|moderation|unicorn) code-(?:davinci|bison|cushman|gecko)
  (?:davinci|babbage|curie|ada)-\\d whisper- tts-\\d dall-e- sora- omni-moderation computer-use-preview
  claude-(?:[\\dv]|instant|opus|sonnet|haiku|fable|mythos) gemini-(?:\\d|pro|ultra|nano|flash|exp|embedding|live)
  gemma-?\\d imagen-\\d veo-\\d learnlm- chat-bison
  llama-?v?[\\d.]+(?:[-:]|p\\d|$) llama-guard codellama[-:/] meta-llama/ mistral-(?:\\d|large|medium|small|tiny|nemo|saba|ocr|embed|moderation|\\d+b)
  mixtral-? open-mi[sx]tral codestral ministral magistral devstral pixtral voxtral
  command-(?:r|a|light|nightly|\\d) c4ai- embed-(?:english|multilingual|v\\d) rerank-(?:english|multilingual|v?\\d)
  deepseek[-/](?:chat|coder|r\\d|v\\d|reasoner|llm|ai|math) qwen-?[\\d.]*[-:](?:\\w) qwen-?\\d(?:\\.\\d)?$ qwen/ qwq- qvq- grok-(?:\\d|beta|code|vision|fast|mini)
  kimi- moonshot-v glm-\\d chatglm yi-\\d yi-(?:large|medium|vision|lightning) phi-?\\d(?:[-:.]|$) nova-(?:\\d|pro|lite|micro|premier|sonic|canvas|reel)
  titan-(?:text|embed|image) jamba- j2- sonar- pplx- llama-3\\S*sonar nemotron minimax- abab\\d hermes-\\d nous-hermes
  wizardlm vicuna falcon-?\\d starcoder granite-?\\d dbrx solar- voyage-(?:\\d|code|law|large|lite|finance|multilingual) jina-embeddings
  nomic-embed bge-(?:small|base|large|m3|reranker) all-minilm mxbai-embed snowflake-arctic ernie- doubao- hunyuan- step-\\d
  reka- zephyr-?\\d tinyllama smollm orca-mini stable-(?:lm|code|diffusion) palm-2 phind- openchat[-:] neural-chat
  black-forest-labs/ flux[.-]\\d flux-(?:schnell|dev|pro|kontext) stable-image trinity- mercury- lfm-?\\d olmo-?\\d
`);

/** What may stand before an id: `openai/`, `us.anthropic.`, `models/`, `ft:`, `anthropic:messages:`, `@cf/meta/` … */
const prefix = `(?:@?[\\w.-]+[/:]){0,5}(?:(?:us|eu|apac|global|jp|au|ca|sa)\\.)?(?:(?:anthropic|amazon|meta|mistral|cohere|ai21|deepseek|openai|qwen|google|stability|writer|twelvelabs)\\.)?`;

const shapedId = new RegExp(`^${prefix}(?:${familyPattern})[\\w.:@/-]*$`, 'i');
const idLike = /^[A-Za-z@][\w.:@/-]*[\w]$/;
const ordinary = /^[a-z]+\d{0,2}$/i;
const notAnId =
  /^(?:https?|file|data|wss?|vscode|redis|postgres\w*|s3|gs|ftp):|^\.{0,2}\/|\.(?:js|mjs|cjs|ts|tsx|py|json|ya?ml|md|txt|png|svg|jpe?g|gif|com|org|io|dev|net|html?|css|sh|gguf|bin|onnx|safetensors|pkl|log|csv|ipynb|prompt|tar|gz|zip)$/i;

/** A test of the whole file: some family's name is in it. Cheap enough for every file of a workspace. */
export const familyAnywhere =
  /\b(?:gpt-?\d|gpt-oss|chatgpt|claude|gemini|gemma|llama|mi[sx]tral|codestral|deepseek|qwen|grok|kimi|moonshot|o[134]-(?:mini|pro|preview)|text-embedding|text-davinci|dall-e|whisper-1|tts-1|command-r|nova-(?:pro|lite|micro)|titan-|sonar-|jamba|phi-?[34]|glm-\d|minimax|nemotron)/i;

export interface ModelTextReader {
  read(text: string): ModelText;
}

/** @param aliases asked at each call, because the configuration can change */
export function createModelTextReader(catalog: Catalog, aliases: () => ReadonlySet<string>): ModelTextReader {
  return {
    read(text) {
      if (text.length < 2 || text.length > 120) return 'no';
      if (aliases().has(text)) return 'alias';
      if (!idLike.test(text) || notAnId.test(text)) return 'no';
      if (catalog.hasExactId(text)) return ordinary.test(text) ? 'word' : 'known';
      if (shapedId.test(text)) return ordinary.test(text) ? 'word' : 'shaped';
      return 'idLike';
    },
  };
}
