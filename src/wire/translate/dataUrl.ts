import type { Base64 } from './conversation.ts';

/** `data:image/png;base64,…` taken apart; undefined where it is none. */
export function parseDataUrl(url: string): Base64 | undefined {
  if (!url.startsWith('data:')) return undefined;
  const comma = url.indexOf(',');
  const [mediaType = '', ...parameters] = url.slice('data:'.length, comma).split(';');
  if (comma < 0 || !parameters.includes('base64')) return undefined;
  return { kind: 'base64', mediaType, data: url.slice(comma + 1) };
}

export function dataUrlOf({ mediaType, data }: Base64): string {
  return `data:${mediaType};base64,${data}`;
}
