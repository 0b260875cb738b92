import type { CatalogModel } from '../catalog/catalog.ts';
import { imageSizeOf } from './imageSize.ts';
import { imageTokens } from './imageTokens.ts';

/** What an image of a request counts as; its size is read from its data, where they are there. */
export function imagePartTokens(
  model: Pick<CatalogModel, 'id' | 'tokenizer'> | undefined,
  { data, detail }: { readonly data?: string; readonly detail?: 'low' | 'high' | 'auto' },
): number {
  const size = data === undefined ? undefined : imageSizeOf(data);
  return imageTokens(model, { ...(size && { size }), ...(detail && { detail }) });
}
