import type { AttemptFailure } from './failureClass.ts';

/** What can be wrong with an answer that came, in the words of `escalate.on`. */
export type AnswerFault = 'schemaInvalid' | 'truncated' | 'refused' | 'empty' | 'toolArgumentsInvalid';

/** What a tier is measured by: also that no answer came, that the client asked again, that a better tier was asked. */
export type TierFault = AnswerFault | 'transport' | 'retried' | 'escalated';

/** What a call that got no answer says of its tier. Wrong keys, wrong requests and clients that leave say nothing. */
export function faultOfFailure(failure: AttemptFailure | 'clientGone'): TierFault | undefined {
  if (failure === 'policy') return 'refused';
  const isTiers = failure === 'connect' || failure === 'overload' || failure === 'server' || failure === 'quota';
  return isTiers ? 'transport' : undefined;
}
