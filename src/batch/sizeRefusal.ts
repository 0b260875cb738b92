import { refusals } from './errors.ts';
import type { InputTokens } from './inputTokens.ts';
import type { PreparedRequest } from './preparedRequest.ts';

/** Why a request is too long to be sent. */
export function sizeRefusal(
  request: PreparedRequest,
  { tokens, basis }: InputTokens,
  maxBytes: number,
): string | undefined {
  const { alias, limits, contextTokens, model } = request.target;
  const place = (reason: string): string =>
    request.sourceLine === undefined ? reason : refusals.row(request.sourceLine, reason);
  const bytes = Buffer.byteLength(request.bodyJson) + lineOverheadBytes;
  if (bytes > maxBytes) return place(refusals.lineTooLarge(bytes, maxBytes));
  if (alias !== undefined && limits.maxInputTokens !== undefined && tokens > limits.maxInputTokens)
    return place(refusals.aboveAliasLimit(alias, tokens, limits.maxInputTokens));
  // An estimate may be off by its band: only a counted prompt is known not to fit.
  if (basis === 'exact' && contextTokens !== undefined && tokens > contextTokens)
    return place(refusals.aboveContext(model, tokens, contextTokens));
  return undefined;
}

/** `custom_id`, `method` and `url` around a body. */
const lineOverheadBytes = 256;
