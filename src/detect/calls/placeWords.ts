import { names } from '../rules/names.ts';

// The words that decide about the place of a call, in every language.

/** Functions that call what they are given once for each of many. */
export const mapCallee = names({
  is: 'map flat_map for_each each each_with_index each_slice collect par_iter parallel_map map_async filter_map for_each_async select_async p_map',
});

/** Functions that call what they are given again when it fails. */
export const retryCallee = names({
  is: 'p_retry async_retry retry retry_async with_retry with_retries call_with_retry exponential_backoff back_off backoff retry_with_backoff retriable retryable run_with_retry execute_with_retry',
});

/** Decorators and annotations: tenacity, backoff, retrying, stamina, Spring Retry, resilience4j. */
export const retryDecorator =
  /@(?:\w+\.)*(?:retry|retrying|Retry|Retryable|RetryOnFailure|on_exception|retry_with_exponential_backoff|retry_with_backoff)\b/;

const handlerDecorator =
  /@(?:\w+\.)*(?:app|router|api|bp|blueprint|server|web|route|routes|\w+_(?:app|router|bp|blueprint|api))\.(?:get|post|put|patch|delete|route|websocket|websocket_route|api_route|event|message|command|action|on_message)\b|@(?:api_view|action|require_(?:GET|POST|http_methods)|csrf_exempt|login_required)\b|@(?:Get|Post|Put|Patch|Delete|Request|Message)Mapping\b|@(?:GET|POST|PUT|PATCH|DELETE)\b|\[Http(?:Get|Post|Put|Patch|Delete)\b|@(?:bot|client|tree)\.(?:command|event|message_handler|on_message)|@cl\.on_|@(?:Get|Post|Put|Patch|Delete)\(/;
const handlerSignature =
  /export\s+(?:default\s+)?(?:async\s+)?function\s+(?:GET|POST|PUT|PATCH|DELETE|handler)\s*\(|export\s+const\s+(?:GET|POST|PUT|PATCH|DELETE)\b|\bhttp\.ResponseWriter\b|\*?(?:gin|echo|fiber|iris)\.(?:Context|Ctx)\b|\(\s*(?:_?req|request)\b[^)]*,\s*(?:_?res|response|reply|h)\b|\bNextApiRequest\b|\b(?:Http)?Servlet(?:Request|Response)\b|:\s*(?:NextRequest|VercelRequest|FastifyRequest|HttpRequest|LoaderFunctionArgs|ActionFunctionArgs)\b|\(\s*(?:self\s*,\s*)?request\s*[,):]|\bRequest \$request\b|\blambda_handler\s*\(|vscode\.ChatRequest\b/;

/** The header of a function whose caller is a person at the other end. */
export function isHandlerHeader(header: string): boolean {
  return handlerDecorator.test(header) || handlerSignature.test(header);
}

const routed =
  /\b(?:app|router|server|fastify|api|route|routes|bot|io|socket|hono|mux|r|e|http)\s*\.\s*(?:get|post|put|patch|delete|all|use|on|command|message|action|route|handle|handleFunc|HandleFunc|GET|POST|PUT|DELETE|listen|on_message)\s*\([^()]*$/;
const served = /^(?:async\s*)?\(?\s*(?:req|request|ctx|context|c)\b/;

/** `app.post("/chat", async (req, res) => …)`. @param before the registering call up to the function @param head its first characters */
export function isHandlerRegistration(before: string, head: string): boolean {
  return routed.test(before) || (/\bserve\s*\(\s*$|createServer\s*\($/.test(before) && served.test(head));
}

/** A loop that ends when a call inside it succeeds: it says retry, waits, and is left on success. */
export function isRetryLoop(header: string, text: string): boolean {
  if (!/\b(?:return|break)\b/.test(text)) return false;
  return (
    /retr(?:y|ies)|attempt|\btries\b/i.test(header) ||
    (/^\s*while\b/.test(header) &&
      /\b(?:retr(?:y|ies)|attempts?|num_retries|retry_count|backoff)\b/i.test(text) &&
      /sleep|delay|setTimeout|backoff/i.test(text))
  );
}

/** Attempts named in a loop's header, a decorator or options: `range(5)`, `stop_after_attempt(6)`, `retries: 3`. */
export function attemptsOf(text: string): { attempts?: number } {
  const found =
    /stop_after_attempt\(\s*(\d+)|max_tries\s*=\s*(\d+)|stop_max_attempt_number\s*=\s*(\d+)|maxAttempts\s*[=:]\s*(\d+)|\bmax_attempts\s*=\s*(\d+)|range\(\s*(\d+)\s*\)|<=?\s*(\d+)\s*;/.exec(
      text,
    );
  const own = found?.slice(1).find((group) => group !== undefined);
  if (own !== undefined) return { attempts: Number(own) };
  // Repeats come on top of the first attempt.
  const repeats = /\bretries\s*[=:]\s*(\d+)/.exec(text)?.[1];
  return repeats === undefined ? {} : { attempts: Number(repeats) + 1 };
}
