import type { PromptCounter } from '../budget/promptCounter.ts';
import { asksForInputTokens } from '../routing/chooseRoute.ts';
import type { Router, RoutingQuestion } from '../routing/createRouter.ts';
import type { RouteDecision } from '../routing/routeDecision.ts';
import { instructionsOf } from '../wire/instructions.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { requestTraits } from '../wire/requestTraits.ts';
import type { Classifier, ClassifierVerdict } from './askClassifier.ts';
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
  readonly classifier: Classifier;
}

/** How a call that asks for routing is decided. */
export async function routeCall(
  call: Call,
  request: ParsedRequest,
  meantFor: string,
  { router, prompts, classifier }: RoutingParts,
): Promise<Decide> {
  const inputTokens = asksForInputTokens(call.config.routes)
    ? (await prompts.count(request, countedAs, 'tokens')).total
    : undefined;
  const question = questionOf(call, request, inputTokens);
  call.facts.routing = { request, meantFor, question };
  const isAsked = call.config.router.classifier.mode === 'model' && router.isInDoubt(question);
  if (!isAsked) return () => router.decide(question);
  const verdict = await classifier.judge(call, request, meantFor, question);
  const decision = router.decide(question, verdict.kind === 'level' ? verdict.level : undefined);
  return () => decision && withVerdict(decision, verdict);
}

/** So that the header tells what the model has to do with it. */
function withVerdict(decision: RouteDecision, verdict: ClassifierVerdict): RouteDecision {
  const said = verdict.kind === 'failed' ? verdict.because : verdict.isRemembered ? 'remembered' : 'asked';
  return { ...decision, notes: [...decision.notes, `model=${said}`] };
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
