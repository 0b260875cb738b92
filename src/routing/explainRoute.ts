import type { Config } from '../config/config.ts';
import type { Instructions } from '../wire/instructions.ts';
import { type RouteFacts, unmetCondition } from './chooseRoute.ts';
import { classifyPrompt } from './classifyPrompt.ts';
import { createRouter, type TierShift, unshifted } from './createRouter.ts';
import { decisionText } from './routeDecision.ts';
import type { GuardReport } from './tierReport.ts';

/** A prompt that might be sent: what a dry run is asked about. */
export interface SupposedCall {
  readonly config: Config;
  readonly instructions: Instructions;
  readonly promptTokens: number;
  readonly facts: RouteFacts;
  /** Where guards have put the routes; empty where no service says so. */
  readonly guards: readonly GuardReport[];
}

export interface RouteExplanation {
  /** Each route in order, with the first condition that the call does not meet; the first without one is taken. */
  readonly routes: readonly { readonly name: string; readonly use: string; readonly unmet: string | undefined }[];
  /** What the classifier's rules say, where no route fits. */
  readonly level?: { readonly level: string; readonly score: number; readonly because: readonly string[] };
  /** The alias that would be asked first, because the rules are in doubt; its answer may change the decision. */
  readonly asks?: string;
  /** As `x-tollgate-route` says it; undefined where the call would be refused. */
  readonly decision: string | undefined;
  readonly alias: string | undefined;
  /** `provider/model`, in the order they are asked. */
  readonly targets: readonly string[];
}

/** Which alias and models a call that names `auto` would get, and why: decided by what decides real calls. */
export function explainRoute(call: SupposedCall): RouteExplanation {
  const { config, facts, instructions, promptTokens, guards } = call;
  const shiftOf = (_workspaceId: string, rule: string): TierShift => {
    const guard = guards.find((one) => one.rule === rule);
    return guard === undefined ? unshifted : { up: guard.up, isProbe: false };
  };
  const router = createRouter({ now: () => 0, shiftOf });
  const asked = { workspaceId: '', config, facts, instructions, promptTokens };
  const question = { ...asked, session: undefined, turn: undefined, minTier: undefined };
  const { mode, use } = config.router.classifier;
  const asks = mode === 'model' && use !== undefined && router.isInDoubt(question) ? { asks: use } : {};
  const decision = router.decide(question);
  const { tools, structuredOutput } = facts;
  const isClassified = decision !== undefined && (decision.reason === 'rules' || decision.route === undefined);
  const level = classifyPrompt({ instruction: instructions.last, promptTokens, tools, structuredOutput });
  const targets = decision === undefined ? [] : (config.aliases[decision.alias]?.targets ?? []);
  return {
    routes: config.routes.map((route) => ({ name: route.name, use: route.use, unmet: unmetCondition(route, facts) })),
    ...(isClassified ? { level } : {}),
    ...asks,
    decision: decision && decisionText(decision, facts.task),
    alias: decision?.alias,
    targets: targets.map(({ provider, model }) => `${provider}/${model}`),
  };
}
