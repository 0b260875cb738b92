import type { CatalogModel } from '../catalog/catalog.ts';

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** An image of a prompt; without its size it counts as the largest that the model sees. */
export interface PromptImage {
  readonly size?: ImageSize;
  /** OpenAI's: `low` is one glance, `high` and `auto` look closer. */
  readonly detail?: 'low' | 'high' | 'auto';
}

/** OpenAI bills these by tiles of 512 px: a base and a figure per tile (OpenAI, "Images and vision", cost table). */
const tiled: readonly (readonly [model: RegExp, base: number, tile: number])[] = [
  [/^gpt-4o-mini/, 2833, 5667],
  [/^(?:gpt-4o|gpt-4\.1(?!-)|gpt-4\.5|chatgpt-4o|gpt-4-turbo|gpt-4-vision)/, 85, 170],
  [/^(?:gpt-5(?!\.|-mini|-nano))/, 70, 140],
  [/^(?:o1|o3)(?!-mini)/, 75, 150],
  [/^computer-use/, 65, 129],
];

/** OpenAI bills these by patches of 32 px, times a factor (same page). */
const patched: readonly (readonly [model: RegExp, factor: number])[] = [
  [/^(?:gpt-4\.1|gpt-5)-mini/, 1.62],
  [/^(?:gpt-4\.1|gpt-5)-nano/, 2.46],
  [/^o4-mini/, 1.72],
];
const mostPatches = 1536;
const largest: ImageSize = { width: 4096, height: 4096 };

function scaled({ width, height }: ImageSize, factor: number): ImageSize {
  return factor >= 1 ? { width, height } : { width: width * factor, height: height * factor };
}

function tilesOf(size: ImageSize): number {
  const inSquare = scaled(size, 2048 / Math.max(size.width, size.height));
  const { width, height } = scaled(inSquare, 768 / Math.min(inSquare.width, inSquare.height));
  return Math.ceil(width / 512 - 1e-9) * Math.ceil(height / 512 - 1e-9);
}

function patchesOf(size: ImageSize, side: number): number {
  return Math.ceil(size.width / side - 1e-9) * Math.ceil(size.height / side - 1e-9);
}

/** Above the limit an image is shrunk, and then so that whole patches fit its width or its height. */
function openaiPatches(size: ImageSize): number {
  if (patchesOf(size, 32) <= mostPatches) return patchesOf(size, 32);
  const shrink = Math.sqrt((32 * 32 * mostPatches) / (size.width * size.height));
  const [across, down] = [(size.width * shrink) / 32, (size.height * shrink) / 32];
  const fit = shrink * Math.min(Math.floor(across) / across, Math.floor(down) / down);
  return Math.min(mostPatches, patchesOf(scaled(size, fit), 32));
}

function openaiTokens(id: string, { size = largest, detail = 'auto' }: PromptImage): number | undefined {
  const patch = patched.find(([model]) => model.test(id));
  if (patch !== undefined) return Math.ceil(openaiPatches(size) * patch[1]);
  const tile = tiled.find(([model]) => model.test(id));
  if (tile === undefined) return undefined;
  return detail === 'low' ? tile[1] : tile[1] + tile[2] * tilesOf(size);
}

/**
 * Anthropic: patches of 28 px, of an image shrunk to 1,568 px and as many tokens; 2,576 px and 4,784 tokens from Opus 4.7
 * on (Anthropic, "Vision").
 */
function anthropicTokens(isNew: boolean, { size = largest }: PromptImage): number {
  const [edge, most] = isNew ? [2576, 4784] : [1568, 1568];
  const shrunk = scaled(size, edge / Math.max(size.width, size.height));
  return Math.min(most, patchesOf(shrunk, 28));
}

/** Google: 258 for a small image or a tile of a large one ("Understand images"); Gemini 3 has 1,120 for any at its default. */
function geminiTokens(id: string, { size = largest }: PromptImage): number {
  if (/gemini-[3-9]/.test(id)) return 1120;
  if (size.width <= 384 && size.height <= 384) return 258;
  const unit = Math.min(768, Math.max(256, Math.floor(Math.min(size.width, size.height) / 1.5)));
  return patchesOf(scaled(size, 3072 / Math.max(size.width, size.height)), unit) * 258;
}

/** What any model may bill for one image: gpt-4o-mini, which counts images dearly because its tokens are cheap. */
export const mostImageTokens = 2833 + 8 * 5667;

/** Of a model whose rule is not known: what Anthropic and most of OpenAI's models bill at most. */
const usualImageTokens = 1600;

/** What an image of a prompt counts as, by its provider's rule: input tokens. An estimate where the rule is not known. */
export function imageTokens(model: Pick<CatalogModel, 'id' | 'tokenizer'> | undefined, image: PromptImage): number {
  if (model?.tokenizer.startsWith('claude') === true) return anthropicTokens(model.tokenizer === 'claude-2026', image);
  if (model?.tokenizer === 'gemini') return geminiTokens(model.id, image);
  return openaiTokens(model?.id ?? '', image) ?? usualImageTokens;
}
