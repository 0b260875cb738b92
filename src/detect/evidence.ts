import { familyAnywhere } from './rules/modelText.ts';
import { createTextGate } from './textGate.ts';

/** What a file as a whole says about itself, read once by regular expression. */
export interface Evidence {
  /** An LLM library, a chat type or a model family is named. Without it nothing is parsed. */
  readonly llm: boolean;
  /** Prompts may be looked for: `llm`, or the file's name or a variable of several lines says prompt. */
  readonly prompts: boolean;
  /** The file's markup is a prompt: it is written for a library that renders JSX to messages. */
  readonly markup: boolean;
  /** The file's name says that it holds prompts. */
  readonly promptFile: boolean;
  readonly test: boolean;
  /** Messages are sent to people: what is sent or replied is no prompt. */
  readonly messenger: boolean;
  /** A table of texts for people, in one language. */
  readonly locale: boolean;
}

const libraries = [
  'openai',
  'anthropic',
  'langchain',
  'langgraph',
  'llama[-_]?index',
  'litellm',
  'genai\\b',
  'generative[-_]?ai',
  'vertexai',
  'bedrock[-_]?runtime',
  'ChatBedrock',
  'mistralai',
  '\\bcohere\\b',
  'groq-sdk|ChatGroq|(?:from|import) groq',
  'ollama',
  'InferenceClient',
  '\\bdspy\\b',
  'crewai',
  'autogen',
  'pydantic_ai',
  '(?:from|import) instructor\\b',
  'semantic[-_]?kernel',
  'from haystack',
  'promptfoo',
  '@ai-sdk/',
  `from ['"]ai(?:/\\w+)?['"]`,
  'genkit',
  '@github/copilot',
  'claude_(?:agent|code)',
  'smolagents',
  'prompt-tsx',
  'vscode\\.lm\\b|LanguageModelChat',
  'promptl',
  '(?:from|import) (?:agno|phi|marvin|mirascope|magentic|guidance|swarm|camel|metagpt|strands|ragas|deepeval|letta|ell)\\b',
  'springframework\\.ai|Microsoft\\.(?:Extensions|Agents)\\.AI|LLamaSharp|using LLama\\b|prism-?php|NeuronAI|LLPhant|LarAgent|ActiveAgent|ruby_?llm|\\brig::|swiftide|kalosm',
  'griptape|adalflow|langroid|llama_(?:parse|cloud)|voltagent|modelfusion|gptscript|pandasai|embedchain|scrapegraph|browser_use',
  'google\\.adk|@assistant-ui/|copilotkit|@mastra/|@langfuse|langfuse|openrouter|huggingface/inference|together_?ai|\\btogether-ai',
];

const words = [
  '(?<![a-z])llm(?![a-z]{2})|LLM',
  'chat\\.?completions?\\b|ChatCompletion',
  'system_?prompts?\\b|systemPrompt|system_?instructions?\\b',
  'SystemMessage|HumanMessage|PromptTemplate|system_message\\b',
  'generateText|streamText|generateObject|streamObject|generate_content|generateContent',
  `["']?role["']?\\s*[:=]\\s*["'](?:system|user|assistant|developer)["']`,
  'language[ _-]?models?\\b',
  'chatbot\\b',
  '\\b(?:new |= ?)Agent\\(|\\bagent\\(\\s*[bBfFrRuU]{0,2}["\'`]|agent\\.(?:run|tool|invoke)\\b',
  'get_completion\\(|\\bgpt[234]\\b',
  '\\brag(?:_\\w+)?\\(\\s*["\'`]',
  '(?:query|chat)_engine\\b|\\bas_(?:query|chat)_engine|(?:chain|agent|crew|retriever|chatbot|assistant|graph|swarm)\\.(?:a?invoke|run|query|ask|chat|kickoff|a?stream|predict)\\(',
];

const llmWords = new RegExp(`${libraries.join('|')}|${words.join('|')}`, 'i');
// Two words above are case-sensitive in what they exclude; `i` would make "fulfillment" an LLM.
const fulfilment = /\w*(?:fulfil|instal|enrol|instil)lment\w*/gi;

const promptVariable =
  /(?:[_a-z](?:prompt|Prompt|PROMPT)|(?:^[ \t]*|\b(?:var|val|let|const|[sS]tring|str)[ \t]{1,4}|\$)(?:prompt|PROMPT|instructions)|(?:system|user)(?:_message|Message))\s*(?::\s*\w+\s*)?=\s*\(?\s*[$@bBfFrRuU]{0,2}["'`][^\n]{30}/m;
const longPromptVariable =
  /(?:prompt|instructions?)\w*['"]?\s*(?::\s*\w+\s*)?[:=]\s*(?:\w+(?:\.\w+)*(?:\(\s*|(?=`)))?[$@bBfFrRuU]{0,2}(?:"""|'''|`[^`\n]{0,300}\n)/i;
/** How only a model is spoken to. */
const spokenOpening =
  /["'`]\s*you are (?:an? |the )?(?:expert|helpful|professional|experienced|skilled|highly|ai |[\w ,-]{0,40}\b(?:assistant|agent|chatbot|expert|judge|analyst)\b)/i;
const markupLibrary = /prompt-tsx|priompt|ai-jsx|extends PromptElement\b/;
/** Of each alternative the start: strings are found many times faster than any of several patterns. */
const markupWords = ['prompt-tsx', 'priompt', 'ai-jsx', 'extends PromptElement'];
const messengerLibrary =
  /(?:\bimport|\bfrom|\brequire\()\s*['"]?[\w@./-]{0,40}(?:discord|telegram|aiogram|telebot|slack|grammy|telegraf|botbuilder|nextcord|disnake)/i;
const promptFile =
  /(?:^|[\\/])(?:[\w-]*[_-])?prompts?(?:[_-][\w-]*)?\.\w+$|[a-z]Prompts?\.\w+$|(?:^|[\\/])prompts?[\\/][\w-]+\.\w+$/;
const promptPath = /(?:^|[\\/])(?:prompts?|llm|agents?)[\\/]|prompts?\.\w+$|[^\\/]*(?:prompt|llm|agent)[^\\/]*\.\w+$/i;
/** `jvmTest/`, `Shop.UnitTests/`, `ShopTest.kt`, `ShopIT.java`: the capital tells them from `latest/`. */
const testName = /[a-z.]Tests?[\\/]|[a-zA-Z\d](?:Tests?|IT)\.(?:kt|java|cs|scala|groovy|swift)$/;
const testPath =
  /(?:^|[\\/])(?:tests?|__tests__|spec|specs|e2e|__mocks__|_*fixtures?_*|testing)[\\/]|(?:^|[\\/])test_[^\\/]*$|[._-](?:test|spec)s?\.\w+$|_test\.\w+$/i;

const localePath = /(?:^|[\\/])(?:locales?|i18n|l10n|lang|languages|translations?)[\\/]/i;

/** Libraries are imported at the top; to look for what is not there costs the whole text at each edit. */
const importsWithin = 20_000;

/** All that is looked for in texts. Whoever adds a pattern to ask a text by adds it here. */
export const textPatterns: readonly RegExp[] = [
  familyAnywhere,
  llmWords,
  promptVariable,
  longPromptVariable,
  spokenOpening,
  markupLibrary,
];
const maySpeak = createTextGate(textPatterns);

/** @param aboutLlm the document that the text is part of speaks of LLMs */
export function readEvidence(text: string, path: string, aboutLlm = false): Evidence {
  const may = aboutLlm || maySpeak(text);
  const llm = aboutLlm || (may && namesLlm(text));
  const head = text.slice(0, importsWithin);
  return {
    llm,
    prompts:
      llm ||
      (may && (promptVariable.test(text) || longPromptVariable.test(text) || spokenOpening.test(text))) ||
      (promptPath.test(path) && /prompt|instruction/i.test(text)),
    markup: may && markupWords.some((word) => head.includes(word)) && markupLibrary.test(head),
    promptFile: promptFile.test(path),
    test: isTestPath(path),
    messenger: llm && messengerLibrary.test(head),
    locale: localePath.test(path),
  };
}

/** The file's name or folder says that it is a test, a mock or a fixture. */
export const isTestPath = (path: string): boolean => testPath.test(path) || testName.test(path);

/** A library, a chat type or a model family is named anywhere in the text. */
export function speaksOfLlm(text: string): boolean {
  return maySpeak(text) && namesLlm(text);
}

function namesLlm(text: string): boolean {
  if (familyAnywhere.test(text)) return true;
  if (!llmWords.test(text)) return false;
  return !/llment/i.test(text) || llmWords.test(text.replace(fulfilment, ''));
}
