import { createPiiFinder } from '../attribution/piiGuard.ts';
import { createPromptCounter } from '../budget/promptCounter.ts';
import { surelyCounting } from '../budget/surelyCounting.ts';
import { createBreaker } from '../routing/breaker.ts';
import { createRouter, unshifted } from '../routing/createRouter.ts';
import type { Dialect } from '../wire/dialect.ts';
import { dialectOf } from '../wire/parseRequest.ts';
import { readRequestPath } from '../wire/requestPath.ts';
import { admitThere } from './admitCall.ts';
import { createDigest } from './answerScope.ts';
import { createClassifier } from './askClassifier.ts';
import { type Call, openCall } from './call.ts';
import { providerOf, requestedProvider } from './chooseProvider.ts';
import type { ProxyDeps } from './deps.ts';
import { badPath, contradictoryHeader, internalError, otherUpstream, type Refusal } from './errors.ts';
import type { ProxyRequest, ProxyResponse } from './exchange.ts';
import { createFlights } from './flights.ts';
import { listModels } from './listModels.ts';
import { passThrough } from './passThrough.ts';
import { readRequestHeaders } from './requestHeaders.ts';
import { refuse } from './respond.ts';
import { type Meter, serveMetered } from './serveMetered.ts';
import { hasDotSegments } from './upstreamUrl.ts';

export interface Proxy {
  /** Rejects only for a workspace nobody knows: what else goes wrong inside is an error answer, and in the log. */
  handle(request: ProxyRequest): Promise<ProxyResponse>;
  /** Resolves when every call whose answer has left is written down. */
  settled(): Promise<void>;
}

const rememberedTexts = 1000;

/** The request pipeline: who is asked, at whose cost, and what of it is remembered. No sockets of its own. */
export function createProxy(deps: ProxyDeps): Proxy {
  const breaker = createBreaker();
  const digest = createDigest(deps.pseudonymKey);
  const meter: Meter = {
    breaker,
    flights: createFlights(),
    router: createRouter({ now: deps.clock.now, shiftOf: deps.quality?.shiftOf ?? (() => unshifted) }),
    prompts:
      deps.prompts ??
      createPromptCounter(
        surelyCounting(deps.tokenCounter, (error) =>
          deps.log.warn(`prompts could not be counted: ${error instanceof Error ? error.name : 'error'}`),
        ),
      ),
    digest,
    classifier: createClassifier({ records: { breaker, digest }, admit: admitThere }),
    findPii: createPiiFinder(rememberedTexts),
  };
  const working = new Set<Promise<void>>();

  const background = (work: Promise<void>): void => {
    const tracked = work
      .catch((error: unknown) => deps.log.error(`writing a call down failed: ${describe(error)}`))
      .finally(() => working.delete(tracked));
    working.add(tracked);
  };

  return {
    async handle(request) {
      const path = readRequestPath(request.method, request.path);
      const call = openCall(deps, request, path, readRequestHeaders(request.headers), background);
      const meantFor = requestedProvider(path, call.headers.values);
      const dialect = callersDialect(call, meantFor);
      try {
        const answer = await serve(call, meantFor, meter);
        return 'message' in answer ? refuse(call, dialect, answer) : answer;
      } catch (error) {
        deps.log.error(`call ${call.id} failed: ${describe(error)}`);
        return refuse(call, dialect, internalError(call.id));
      }
    },
    async settled() {
      while (working.size > 0) await Promise.all(working);
    },
  };
}

async function serve(call: Call, meantFor: string, meter: Meter): Promise<ProxyResponse | Refusal> {
  const { path, headers } = call;
  if (hasDotSegments(call.request.path)) return badPath();
  if (headers.problem !== undefined) {
    const { header, kind } = headers.problem;
    return kind === 'contradictory' ? contradictoryHeader(header) : otherUpstream(header);
  }
  const provider = providerOf(call, meantFor);
  if ('status' in provider) return provider;
  if (path.endpoint === undefined) return passThrough(call, provider, meantFor);
  if (path.endpoint === 'models') return listModels(call, provider, meantFor);
  return serveMetered(call, path.endpoint, meantFor, meter);
}

/** What an error is written in: the endpoint's dialect, else that of the provider that was meant. */
function callersDialect({ path, config }: Call, meantFor: string): Dialect {
  if (path.endpoint !== undefined && path.endpoint !== 'models') return dialectOf(path.endpoint);
  return config.providers[meantFor]?.dialect ?? (meantFor === 'anthropic' ? 'anthropic' : 'openai');
}

/** Name, code and place; never the message of an error that may quote a body. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'not an error';
  const frames = error.stack?.split('\n').filter((line) => line.trimStart().startsWith('at ')) ?? [];
  return `${error.name} ${frames
    .slice(0, 3)
    .map((line) => line.trim())
    .join(' ')}`;
}
