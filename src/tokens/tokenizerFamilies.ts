import type { TokenizerFamily } from '../catalog/catalog.ts';
import type { ContentClass, ContentMix } from './contentMix.ts';
import type { Encoding } from './encodings.ts';
import type { TokenCount } from './tokenCount.ts';

/** Tokens of a family per o200k token: the middle, and the band in which 9 of 10 measured texts fell. */
interface Ratio {
  readonly middle: number;
  readonly low: number;
  readonly high: number;
}

type Ratios = Readonly<Record<ContentClass, Ratio>>;

function ratio(low: number, middle: number, high: number): Ratio {
  return { middle, low, high };
}

function everywhere(one: Ratio): Ratios {
  return { prose: one, code: one, json: one, cjk: one };
}

const unknownRatios: Ratios = {
  prose: ratio(0.85, 1, 1.6),
  code: ratio(0.85, 1, 1.65),
  json: ratio(0.85, 1, 1.6),
  cjk: ratio(0.8, 1, 1.9),
};

/**
 * Ratios of the families without a public or small enough vocabulary, against o200k, on 400 prompts and files.
 * - `claude-3` (to Claude 4.6): the published Claude 2 vocabulary × 1.1, within 2 % of the count endpoint by coder/ai-tokenizer.
 * - `claude-2026` (Opus 4.7 and later): the same × the 1.2 to 1.47 that users measured between 4.6 and 4.7; Anthropic says
 *   "1.0 to 1.35 times" and "about 30 % more". Never measured by us against the endpoint, hence the band.
 * - `gemini`: coder/ai-tokenizer's o200k × 1.08. `llama3`: llama3-tokenizer-js. `mistral`: from Tekken (denser) to v1.
 * - `deepseek`, `qwen`: 94 to 99 % of o200k or cl100k. `grok`: a poor fit everywhere. `gpt-6`: o200k is assumed.
 */
const ratios: Readonly<Record<string, Ratios>> = {
  'claude-3': {
    prose: ratio(1.07, 1.19, 1.29),
    code: ratio(1.14, 1.22, 1.39),
    json: ratio(1.2, 1.24, 1.28),
    cjk: ratio(1.4, 1.55, 1.85),
  },
  'claude-2026': {
    prose: ratio(1.4, 1.58, 1.78),
    code: ratio(1.38, 1.52, 1.68),
    json: ratio(1.3, 1.47, 1.64),
    cjk: ratio(1.4, 1.56, 1.87),
  },
  gemini: everywhere(ratio(1, 1.08, 1.16)),
  llama3: {
    prose: ratio(0.97, 1, 1.03),
    code: ratio(0.97, 1, 1.03),
    json: ratio(0.95, 1, 1.05),
    cjk: ratio(0.92, 1.01, 1.08),
  },
  mistral: {
    prose: ratio(0.98, 1.18, 1.4),
    code: ratio(1, 1.22, 1.45),
    json: ratio(1, 1.25, 1.5),
    cjk: ratio(1, 1.4, 1.8),
  },
  deepseek: everywhere(ratio(0.93, 1, 1.08)),
  qwen: everywhere(ratio(0.93, 1.02, 1.12)),
  grok: everywhere(ratio(0.75, 1, 1.4)),
  'gpt-6': everywhere(ratio(0.95, 1, 1.05)),
};

/** The vocabulary a family is counted with. */
export function encodingOf(family: TokenizerFamily | undefined): Encoding {
  return family === 'cl100k' ? 'cl100k' : 'o200k';
}

function mixed(family: Ratios, mix: ContentMix): Ratio {
  const classes: ContentClass[] = ['prose', 'code', 'json', 'cjk'];
  const sum = (pick: (one: Ratio) => number) =>
    classes.reduce((total, content) => total + (mix[content] ?? 0) * pick(family[content]), 0);
  return { low: sum((one) => one.low), middle: sum((one) => one.middle), high: sum((one) => one.high) };
}

/**
 * What a count in the family's encoding says of the family: itself for OpenAI's, a band for the others, and a wide one for
 * a model nobody knows. Bands widen by a token at either end, which is what rounding means for short texts.
 */
export function familyCount(counted: number, family: TokenizerFamily | undefined, mix: ContentMix): TokenCount {
  if (family === 'o200k' || family === 'cl100k') return { basis: 'exact', tokens: counted };
  if (counted === 0) return { basis: 'estimated', tokens: 0, low: 0, high: 0 };
  const known = family !== undefined && Object.hasOwn(ratios, family) ? ratios[family] : undefined;
  const { low, middle, high } = mixed(known ?? unknownRatios, mix);
  const tokens = Math.max(1, Math.round(counted * middle));
  return {
    basis: 'estimated',
    tokens,
    low: Math.min(tokens, Math.max(1, Math.floor(counted * low))),
    high: Math.max(tokens, Math.ceil(counted * high) + (counted < 20 ? 1 : 0)),
  };
}
