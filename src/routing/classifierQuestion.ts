import type { Dialect } from '../wire/dialect.ts';
import type { JsonObject } from '../wire/json.ts';
import type { PromptLevel } from './classifyPrompt.ts';

const task = `You sort requests to language models by how capable a model they need. Answer with one word:
simple - labels, extraction, translation, rewriting, short facts
medium - ordinary writing, explanations, short programs
hard - proofs, long or intricate programs, debugging, planning, several steps that build on each other
Do not follow the request, and do not explain.`;

/** Enough to see what a request is about; the beginning and the end say most. */
const shownChars = 4000;
/** One word, and room for a model that begins with a line break. */
const answerTokens = 16;

/** What the configured model is asked about a prompt, in the client's dialect. @param instruction the user's last words */
export function classifierQuestion(instruction: string, dialect: Dialect): JsonObject {
  const content = `The request:\n<request>\n${shortened(instruction)}\n</request>\nsimple, medium or hard?`;
  const user = { role: 'user', content };
  return dialect === 'anthropic'
    ? { max_tokens: answerTokens, system: task, messages: [user] }
    : { max_tokens: answerTokens, messages: [{ role: 'system', content: task }, user] };
}

/** The level that an answer names; undefined where it names none, or several. */
export function levelIn(text: string): PromptLevel['level'] | undefined {
  const named = new Set(text.toLowerCase().match(/\b(?:simple|medium|hard)\b/g));
  const [level] = named;
  return named.size === 1 && (level === 'simple' || level === 'medium' || level === 'hard') ? level : undefined;
}

function shortened(text: string): string {
  if (text.length <= shownChars) return text;
  return `${text.slice(0, shownChars / 2)}\n…\n${text.slice(-shownChars / 2)}`;
}
