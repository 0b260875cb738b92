/** What the rules look at. */
export interface ClassifiedPrompt {
  /** The user's last words. */
  readonly instruction: string;
  /** Tokens of the whole prompt, roughly. */
  readonly promptTokens: number;
  readonly tools: boolean;
  readonly structuredOutput: boolean;
}

/** How hard a prompt looks, and by what. `doubtful`: one sign more or less would change it. */
export interface PromptLevel {
  readonly level: 'simple' | 'medium' | 'hard';
  readonly score: number;
  readonly doubtful: boolean;
  /** What counted, in a few words each; never words of the prompt. */
  readonly because: readonly string[];
}

interface Sign {
  readonly what: string;
  readonly points: number;
  readonly holds: (prompt: ClassifiedPrompt) => boolean;
}

/** Verbs and phrases that ask for thought. Two different ones count twice. */
const hardWords = [
  /\b(?:step[- ]by[- ]step|reason(?:ing)? (?:about|through)|think (?:hard|carefully|through)|chain of thought)\b/i,
  /\b(?:prove|proof|derive|theorem|lemma|induction|integral|probabilit(?:y|ies))\b/i,
  /\b(?:refactor|debug|root cause|race condition|deadlock|stack ?trace|optimi[sz]e|time complexity)\b/i,
  /\b(?:architect(?:ure)?|design (?:a|an|the)|trade-?offs?|migration plan|threat model|security review)\b/i,
  /\b(?:implement|write (?:a|an|the) (?:function|class|module|program|parser|test suite|service))\b/i,
  /\b(?:analy[sz]e|evaluate|critique|investigate|compare and contrast|explain why)\b/i,
];

/** What small models do as well as large ones. */
const easyWords =
  /\b(?:classif(?:y|ies)|label|categori[sz]e|sentiment|translate|summari[sz]e|extract|spell[- ]?check|proofread|rephrase|rewrite|title for|one word|yes or no|true or false|detect the language)\b/i;

const signs: readonly Sign[] = [
  ...hardWords.map(
    (words): Sign => ({ what: 'asks for thought', points: 2, holds: (prompt) => words.test(prompt.instruction) }),
  ),
  { what: 'routine task', points: -3, holds: ({ instruction }) => easyWords.test(instruction) },
  { what: 'short', points: -1, holds: ({ instruction }) => instruction.length < 160 },
  { what: 'long instruction', points: 1, holds: ({ instruction }) => instruction.length > 1500 },
  { what: 'very long instruction', points: 1, holds: ({ instruction }) => instruction.length > 6000 },
  { what: 'long prompt', points: 1, holds: ({ promptTokens }) => promptTokens > 8000 },
  {
    what: 'code',
    points: 1,
    holds: ({ instruction }) => /```|^\s*(?:def|class|function|import|#include|public|SELECT)\b.*$/m.test(instruction),
  },
  {
    what: 'several tasks',
    points: 1,
    holds: ({ instruction }) => countOf(instruction, /^\s*(?:\d+[.)]|[-*•])\s+\S/gm) > 2,
  },
  { what: 'several questions', points: 1, holds: ({ instruction }) => countOf(instruction, /\?(?:\s|$)/g) > 2 },
  { what: 'tools', points: 2, holds: ({ tools }) => tools },
  { what: 'structured output', points: -1, holds: ({ structuredOutput }) => structuredOutput },
];

const mediumFrom = 2;
const hardFrom = 4;
/** Signs are words; in a whole document there is some of everything. */
const readChars = 12_000;

/** Judges a prompt by its words, its length and what it brings. No model is asked; the same prompt is always judged the same. */
export function classifyPrompt(prompt: ClassifiedPrompt): PromptLevel {
  const read = { ...prompt, instruction: prompt.instruction.slice(0, readChars) };
  const found = signs.filter(({ holds }) => holds(read));
  const score = found.reduce((sum, { points }) => sum + points, 0);
  const level = score >= hardFrom ? 'hard' : score >= mediumFrom ? 'medium' : 'simple';
  const doubtful = score === mediumFrom - 1 || score === mediumFrom || score === hardFrom - 1;
  return { level, score, doubtful, because: [...new Set(found.map(({ what }) => what))] };
}

/** The tier of a level: the lowest, the highest, or the upper of the middle. */
export function tierOfLevel(level: PromptLevel['level'], tiers: readonly string[]): string | undefined {
  const last = tiers.length - 1;
  const index = level === 'simple' ? 0 : level === 'hard' ? last : Math.ceil(last / 2);
  return tiers[index];
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
