import type { TokenizerFamily } from '../catalog/catalog.ts';

/** What a request is made of beside its texts. */
export interface RequestShape {
  /** Messages, a system prompt beside them included. */
  readonly messages: number;
  readonly tools?: readonly ToolShape[];
  /** The model must call a tool (`tool_choice` is `any`, `required` or a name). */
  readonly forcedTool?: boolean;
}

/** A tool's definition: its names and descriptions are counted as text, what stands between them is not. */
export interface ToolShape {
  readonly properties: number;
  /** Values of its enumerations. */
  readonly choices: number;
}

/** Tokens that a provider adds to the texts. `exact` where the provider says how; never for tools. */
export interface Overhead {
  readonly tokens: number;
  readonly basis: 'exact' | 'estimated';
}

/**
 * OpenAI: 3 tokens around a message, 1 for its role, 3 before the answer; 7 for a function, 3 for having properties and 3
 * for each, 3 for each enumerated value, 12 for there being functions (OpenAI cookbook, "How to count tokens with
 * tiktoken", sections 6 and 7, for gpt-4o and later). A reader's test on gpt-5 had 109 billed where this rule says 110.
 */
function openaiOverhead({ messages, tools = [] }: RequestShape): Overhead {
  const definitions = tools.reduce(
    (sum, { properties, choices }) => sum + 7 + (properties > 0 ? 3 : 0) + properties * 3 + choices * 3,
    tools.length > 0 ? 12 : 0,
  );
  return { tokens: messages * 4 + 3 + definitions, basis: tools.length > 0 ? 'estimated' : 'exact' };
}

/**
 * Anthropic: 6 per request and 2 per message (coder/ai-tokenizer's fit against the count endpoint); for tools a system
 * prompt of 346 tokens, 313 where one must be called (Anthropic, "Tool use", pricing table), and about 53 per tool.
 */
function anthropicOverhead({ messages, tools = [], forcedTool = false }: RequestShape): Overhead {
  const definitions = tools.length === 0 ? 0 : (forcedTool ? 313 : 346) + tools.length * 53;
  return { tokens: 6 + messages * 2 + definitions, basis: 'estimated' };
}

/** What a request costs beyond its texts, by the family of its model; unknown families count like OpenAI's. */
export function overheadTokens(family: TokenizerFamily | undefined, shape: RequestShape): Overhead {
  if (shape.messages === 0 && (shape.tools?.length ?? 0) === 0) return { tokens: 0, basis: 'exact' };
  if (family?.startsWith('claude') === true) return anthropicOverhead(shape);
  const openai = openaiOverhead(shape);
  // Google documents none; its count endpoint adds one for the role
  if (family === 'gemini') return { tokens: shape.messages, basis: 'estimated' };
  return family === 'o200k' || family === 'cl100k' ? openai : { ...openai, basis: 'estimated' };
}
