import type { PromptCounter } from '../budget/promptCounter.ts';
import { asksForInputTokens } from '../routing/chooseRoute.ts';
import type { Router, RoutingQuestion } from '../routing/createRouter.ts';
import type { RouteDecision } from '../routing/routeDecision.ts';
import { instructionsOf } from '../wire/instructions.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { requestTraits } from '../wire/requestTraits.ts';
import type { Call } from './call.ts';

export type Decide = () => RouteDecision | undefined;

export const decideNothing: Decide = () => undefined;

/** English text and JSON have about this many bytes per token; good enough to tell a long prompt from a short one. */
const bytesPerToken = 4;

/** Counted as OpenAI's models do: which model answers is not known yet. */
const countedAs = { id: '', tokenizer: 'o200k' };

/** What decides about calls that ask to be routed. */
export interface RoutingParts {
  readonly router: Router;
  readonly prompts: Pick<PromptCounter, 'count'>;
}

/** How a call that asks for routing is decided. */
export async function routeCall(
  call: Call,
  request: ParsedRequest,
  meantFor: string,
  { router, prompts }: RoutingParts,
): Promise<Decide> {
  const inputTokens = asksForInputTokens(call.config.routes)
    ? (await prompts.count(request, countedAs, 'tokens')).total
    : undefined;
  const question = questionOf(call, request, inputTokens);
  call.facts.routing = { request, meantFor, question };
  return () => router.decide(question);
}

function questionOf(call: Call, request: ParsedRequest, inputTokens: number | undefined): RoutingQuestion {
  const { attribution } = call.facts;
  const { values } = call.headers;
  return {
    workspaceId: call.request.workspaceId,
    config: call.config,
    facts: {
      task: attribution.task,
      feature: attribution.feature,
      callSite: attribution.callSite,
      ...requestTraits(request),
      inputTokens,
    },
    instructions: instructionsOf(request),
    promptTokens: inputTokens ?? Math.ceil(request.bytes.byteLength / bytesPerToken),
    session: attribution.session,
    turn: values.get('x-tollgate-turn') ?? values.get('cf-aig-turn-id'),
    minTier: values.get('x-tollgate-min-tier') ?? values.get('x-litellm-min-quality-tier'),
  };
}
