import type { Span } from './finding.ts';
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
  'SystemMessage|HumanMessage|ChatMessage\\.from_|ChatClient\\b|PromptTemplate|system_message\\b',
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
  /(?:prompt|instructions?)\w{0,60}['"]?\s*(?::\s*\w+\s*)?[:=]\s*(?:\w+(?:\.\w+)*(?:\(\s*|(?=`)))?[$@bBfFrRuU]{0,2}(?:"""|'''|`[^`\n]{0,300}\n)/i;
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

/** Libraries are imported at the top. */
export const importsWithin = 20_000;

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

/** What may stand in a text. */
export type Fact = 'llm' | 'prompt variable' | 'long prompt variable' | 'spoken opening' | 'prompt word' | HeadFact;
/** What is looked for where libraries are imported, and nowhere else. */
export type HeadFact = 'markup' | 'messenger';

const firstOf =
  (pattern: RegExp): ((text: string) => Span | undefined) =>
  (text) => {
    const match = pattern.exec(text);
    return match ? { start: match.index, end: match.index + match[0].length } : undefined;
  };
const markupIn = firstOf(markupLibrary);

/** Where in a text the first sign of a fact stands. A sign that is all in one place is found in the lines around it alone. */
export const factIn: Readonly<Record<Fact, (text: string) => Span | undefined>> = {
  llm: llmIn,
  'prompt variable': firstOf(promptVariable),
  'long prompt variable': firstOf(longPromptVariable),
  'spoken opening': firstOf(spokenOpening),
  'prompt word': firstOf(/prompt|instruction/i),
  markup: (text) => {
    const head = text.slice(0, importsWithin);
    return markupWords.some((word) => head.includes(word)) ? markupIn(head) : undefined;
  },
  messenger: (text) => firstOf(messengerLibrary)(text.slice(0, importsWithin)),
};

/** Facts without which the gate lets no text pass. */
const ungated: ReadonlySet<Fact> = new Set<Fact>(['prompt word', 'messenger']);

/** Looks facts up in a text that is seen for the first time: the gate says of most that it has none. */
export function createFactSearch(text: string): (fact: Fact) => Span | undefined {
  let may: boolean | undefined;
  return (fact) => {
    if (!ungated.has(fact)) may ??= maySpeak(text);
    return may || ungated.has(fact) ? factIn[fact](text) : undefined;
  };
}

/**
 * @param aboutLlm the document that the text is part of speaks of LLMs
 * @param stands whether a fact is to be found in the text, where that is known better than by looking for it
 */
export function readEvidence(
  text: string,
  path: string,
  aboutLlm = false,
  stands: (fact: Fact) => boolean = standsIn(text),
): Evidence {
  const llm = aboutLlm || stands('llm');
  return {
    llm,
    prompts:
      llm ||
      stands('prompt variable') ||
      stands('long prompt variable') ||
      stands('spoken opening') ||
      (promptPath.test(path) && stands('prompt word')),
    markup: stands('markup'),
    promptFile: promptFile.test(path),
    test: isTestPath(path),
    messenger: llm && stands('messenger'),
    locale: localePath.test(path),
  };
}

function standsIn(text: string): (fact: Fact) => boolean {
  const search = createFactSearch(text);
  return (fact) => search(fact) !== undefined;
}

/** The file's name or folder says that it is a test, a mock or a fixture. */
export const isTestPath = (path: string): boolean => testPath.test(path) || testName.test(path);

/** A library, a chat type or a model family is named anywhere in the text. */
export function speaksOfLlm(text: string): boolean {
  return maySpeak(text) && llmIn(text) !== undefined;
}

const familyIn = firstOf(familyAnywhere);
const wordIn = firstOf(llmWords);

function llmIn(text: string): Span | undefined {
  const family = familyIn(text);
  if (family) return family;
  const word = wordIn(text);
  if (!word || !/llment/i.test(text)) return word;
  // As long as it was, so that what is found stands where it stood.
  return wordIn(text.replace(fulfilment, (whole) => ' '.repeat(whole.length)));
}
