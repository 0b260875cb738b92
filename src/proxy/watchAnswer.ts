import { hash } from 'node:crypto';
import { type AnswerFault, faultOfFailure, type TierFault } from '../routing/answerFault.ts';
import { checkAnswer } from '../routing/checkAnswer.ts';
import type { AttemptFailure } from '../routing/failureClass.ts';
import { namedRule } from '../routing/routeDecision.ts';
import type { JsonObject } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { Call } from './call.ts';

/** Measures the tier that answers a call. */
export interface AnswerWatch {
  /** It is about to be asked. */
  asked(): void;
  /** No target of the alias has answered. */
  failed(failure: AttemptFailure | 'clientGone'): void;
  check(reply: JsonObject): readonly AnswerFault[];
  record(faults: readonly TierFault[]): void;
  /**
   * The answer has gone to the client.
   * @param reply in the client's dialect; undefined where it cannot be read
   * @returns whether something is wrong with it, so that it is not one to be kept
   */
  ended(reply: JsonObject | undefined, errorClass: string | undefined): boolean;
}

/** Undefined where nobody asks how the answer was: neither a route nor a tier. */
export function watchAnswer(call: Call, request: ParsedRequest): AnswerWatch | undefined {
  const { facts, deps, config } = call;
  const { quality } = deps;
  const alias = facts.alias?.name;
  if (quality === undefined || alias === undefined || request.endpoint === 'messages.count_tokens') return undefined;
  if (facts.decision === undefined && !config.tiers.includes(alias)) return undefined;
  const { rule = namedRule, isProbe = false } = facts.decision ?? {};
  const { workspaceId } = call.request;
  // Who repeats himself is told by what he sent and from where; the text itself is not kept.
  const digest = hash('sha256', request.bytes, 'base64url') + (facts.attribution.session ?? '');

  const record = (faults: readonly TierFault[]): void =>
    quality.record({ workspaceId, config, rule, alias, isProbe, faults, request: digest });
  const check = (reply: JsonObject): readonly AnswerFault[] => checkAnswer(request, reply);
  return {
    asked: () => quality.asked(workspaceId, config, digest),
    failed(failure) {
      const fault = faultOfFailure(failure);
      if (fault !== undefined) record([fault]);
    },
    check,
    record,
    ended(reply, errorClass) {
      if (errorClass === 'clientGone') return false;
      const faults = errorClass === undefined ? (reply === undefined ? [] : check(reply)) : (['transport'] as const);
      record(faults);
      return faults.length > 0;
    },
  };
}
