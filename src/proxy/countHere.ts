import type { Target } from '../config/config.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { promptTexts } from '../wire/promptTexts.ts';
import { type Call, closeCall } from './call.ts';
import { countTokens } from './countTokens.ts';
import type { ProxyResponse } from './exchange.ts';
import { explainHeaders } from './explainHeaders.ts';

/**
 * Answers `messages/count_tokens` where the model is another provider's, which has no such endpoint: the texts are counted
 * as that model counts them. What a provider puts around them, and images, are not in it; the header says so.
 */
export async function countHere(
  call: Call,
  request: ParsedRequest,
  { provider, model }: Target,
): Promise<ProxyResponse> {
  const known = call.deps.catalogOf(call.request.workspaceId).lookup(model, provider);
  const counts = await countTokens(
    call,
    promptTexts(request),
    known.kind === 'known' ? known.model.tokenizer : undefined,
  );
  const body = Buffer.from(JSON.stringify({ input_tokens: counts.reduce((sum, tokens) => sum + tokens, 0) }), 'utf8');
  closeCall(call, 200);
  return {
    status: 200,
    headers: [
      ['content-type', 'application/json'],
      ['content-length', String(body.byteLength)],
      ...explainHeaders(call, { provider, model, costed: true, extra: [['x-tollgate-tokens', 'estimated']] }),
    ],
    body,
  };
}
