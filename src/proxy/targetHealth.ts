import type { Breaker } from '../routing/breaker.ts';
import { retryAfterMs } from '../routing/retryAfter.ts';
import type { Call } from './call.ts';
import type { PlannedTarget } from './plan.ts';
import { headerOf } from './requestHeaders.ts';
import type { FailedAttempt } from './sendAttempt.ts';

/** What calls share about the targets they ask. */
export interface HealthRecords {
  readonly breaker: Breaker;
  readonly digest: (secret: string) => string;
}

/** How the targets of one call fare; silent where there is no choice between them. */
export interface TargetHealth {
  /** As planned, but those that cool down last. */
  readonly targets: readonly PlannedTarget[];
  /** The target that was planned first and is asked later, or not at all. */
  readonly passedOver: PlannedTarget | undefined;
  asked(target: PlannedTarget): void;
  answered(target: PlannedTarget): void;
  failed(target: PlannedTarget, attempt: FailedAttempt): void;
}

export function healthOf(
  { deps: { clock } }: Call,
  planned: readonly PlannedTarget[],
  { breaker, digest }: HealthRecords,
): TargetHealth {
  if (planned.length < 2)
    return { targets: planned, passedOver: undefined, asked: ignore, answered: ignore, failed: ignore };
  const keys = new Map(planned.map((target) => [target, keyOf(target, digest)] as const));
  const key = (target: PlannedTarget): string => keys.get(target) ?? '';
  const now = clock.now();
  const open = planned.filter((target) => breaker.isOpen(key(target), now));
  const targets = open.length === 0 ? planned : [...planned.filter((target) => !open.includes(target)), ...open];
  return {
    targets,
    passedOver: targets[0] === planned[0] ? undefined : planned[0],
    asked: (target) => breaker.asked(key(target), clock.now()),
    answered: (target) => breaker.succeeded(key(target)),
    failed(target, { failure, reply }) {
      if (failure === 'clientGone') return;
      const headers = 'headers' in reply ? reply.headers : [];
      const nowMs = clock.now();
      breaker.failed(
        key(target),
        failure,
        retryAfterMs((name) => headerOf(headers, name), nowMs),
        nowMs,
      );
    },
  };
}

const ignore = (): void => undefined;

/** Limits and quotas are counted per key and model. */
function keyOf({ provider, model, credentials }: PlannedTarget, digest: (secret: string) => string): string {
  const key = 'secret' in credentials ? digest(credentials.secret) : '';
  return [provider.name, provider.baseUrl, model, key].join('\n');
}
