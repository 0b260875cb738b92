import type { Candidate } from './candidate.ts';
import { judgeModel } from './judgeModel.ts';

/** Last segments of names that are made from a model's id: `GPT_4O_MINI`, `Claude35Sonnet`, `o3Mini`. */
const modelConstant =
  /^(?:(?:\w+_)?model_)?(?:gpt_?(?:\d|oss|image|realtime)|chat_?gpt_?\d|claude_?(?:\w*\d|instant|opus|sonnet|haiku)|gemini_?(?:\w*\d|pro|flash|ultra|nano)|gemma_?\d|llama_?\d|code_?llama|mi[sx]tral_(?:\w*\d|large|medium|small|tiny|nemo)|codestral|deep_?seek_(?:chat|coder|r\d|v\d|reasoner)|qwen_?\w*\d|grok_?\d|o[134](?:_mini|_pro|_preview|_\d{4})?$|text_embedding_|text_davinci|dall_?e_?\d|whisper_?\d|command_(?:r|a)\b|nova_(?:pro|lite|micro)|sonnet_?\d|opus_?\d|haiku_?\d)/;
const aboutModel =
  /_(?:price|cost|tokens?|limit|context|window|prompt|key|url|config|name_prefix|regex|prefix|aliases|models?|family|pricing)$/;

/** Where a name of that kind may end in a source; cheap enough to run over a file that speaks of LLMs. */
export const constantSearch =
  /(?<![\w$"'`/-])(?:(?:[A-Z][A-Za-z]*)?Model_?|(?:[A-Z]+_)?MODEL_)?(?:GPT|Gpt|ChatGPT|CLAUDE|Claude|GEMINI|Gemini|GEMMA|LLAMA|Llama|MISTRAL|Mistral|MIXTRAL|CODESTRAL|DEEPSEEK|DeepSeek|QWEN|Qwen|GROK|Grok|O[134]|TEXT_EMBEDDING|TextEmbedding|TEXT_DAVINCI|DALL_?E|WHISPER|COMMAND|NOVA|SONNET|OPUS|HAIKU|(?<=\.)(?:gpt|claude|gemini|o[134]))[\w$]*(?![\w$(]|\s*[=:](?!=)|-(?!>))/g;

export function isModelConstant(words: string): boolean {
  return modelConstant.test(words) && !aboutModel.test(words);
}

/** True where the reference selects a model. It is judged as the id it stands for would be. */
export function judgeConstant(candidate: Candidate): boolean {
  return judgeModel(candidate, 'word');
}
