import { hash } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { Instructions } from '../wire/instructions.ts';
import { chooseRoute, type RouteFacts } from './chooseRoute.ts';
import { classifyPrompt, type PromptLevel, tierOfLevel } from './classifyPrompt.ts';
import { classifierRule, type RouteDecision } from './routeDecision.ts';
import { createStickyDecisions, type StickyDecision } from './stickyDecisions.ts';

/** A call that asks to be routed. */
export interface RoutingQuestion {
  readonly workspaceId: string;
  readonly config: Pick<Config, 'routes' | 'tiers' | 'router' | 'aliases'>;
  readonly facts: RouteFacts;
  readonly instructions: Instructions;
  /** Of the whole prompt, roughly. */
  readonly promptTokens: number;
  readonly session: string | undefined;
  /** The client's own name of the turn. */
  readonly turn: string | undefined;
  /** The lowest tier that will do: an alias, or a number counted from 1. */
  readonly minTier: string | undefined;
}

/** How many tiers a guard has moved a route up, and whether this call is to find out if it may come down. */
export interface TierShift {
  readonly up: number;
  readonly isProbe: boolean;
}

export const unshifted: TierShift = { up: 0, isProbe: false };

export interface RouterDeps {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly shiftOf: (workspaceId: string, rule: string, config: RoutingQuestion['config']) => TierShift;
}

export interface Router {
  /** Undefined where no route fits and nothing is classified. @param level a model's judgement, in place of the rules' */
  decide(question: RoutingQuestion, level?: PromptLevel['level']): RouteDecision | undefined;
  /** Whether it is the rules that decide, and they could as well say something else. */
  isInDoubt(question: RoutingQuestion): boolean;
  /** The conversation goes on where its last answer had to be asked for. */
  escalated(question: RoutingQuestion, decision: RouteDecision): void;
}

const rememberedConversations = 5000;
/** No provider caches a shorter prefix (OpenAI and Anthropic: 1,024 tokens), so nothing is lost by leaving it. */
const cacheableTokens = 1024;

export function createRouter({ now, shiftOf }: RouterDeps): Router {
  const sticky = createStickyDecisions(rememberedConversations);

  const recalled = (question: RoutingQuestion, key: string): StickyDecision | undefined => {
    if (question.config.router.sticky === 'off') return undefined;
    const kept = sticky.recall(key, question.config.router.stickyMs, now());
    return kept !== undefined && Object.hasOwn(question.config.aliases, kept.alias) ? kept : undefined;
  };
  const keep = (question: RoutingQuestion, key: string, { rule, alias, isProbe }: RouteDecision): void => {
    if (question.config.router.sticky === 'off') return;
    sticky.remember(key, { rule, alias, isProbe, turn: turnOf(question) }, now());
  };

  return {
    decide(question, level) {
      const key = conversationKey(question);
      const kept = recalled(question, key);
      if (kept !== undefined && isSameTurn(question, kept))
        return raised(question, keptDecision(question, kept, 'sticky'));
      const fresh = freshDecision(question, level);
      if (fresh === undefined) return undefined;
      const shifted = shiftedDecision(question, fresh, shiftOf(question.workspaceId, fresh.rule, question.config));
      const isWarm = kept !== undefined && losesPrefix(question, kept.alias, shifted.alias);
      const decision = raised(question, isWarm ? keptDecision(question, kept, 'cacheWarm') : shifted);
      keep(question, key, decision);
      return decision;
    },
    isInDoubt(question) {
      const kept = recalled(question, conversationKey(question));
      if (kept !== undefined && isSameTurn(question, kept)) return false;
      return chooseRoute(question.config.routes, question.facts) === undefined && levelOf(question).doubtful;
    },
    escalated: (question, decision) => keep(question, conversationKey(question), decision),
  };
}

function isSameTurn(question: RoutingQuestion, kept: StickyDecision): boolean {
  return question.config.router.sticky === 'session' || kept.turn === turnOf(question);
}

function keptDecision(
  { config }: RoutingQuestion,
  { rule, alias, isProbe }: StickyDecision,
  reason: 'sticky' | 'cacheWarm',
): RouteDecision {
  const route = config.routes.find(({ name }) => name === rule);
  return { rule, alias, reason, isProbe, notes: [], ...(route === undefined ? {} : { route }) };
}

function freshDecision(question: RoutingQuestion, level: PromptLevel['level'] | undefined): RouteDecision | undefined {
  const { routes, tiers, router } = question.config;
  const route = chooseRoute(routes, question.facts);
  if (route !== undefined)
    return { rule: route.name, route, alias: route.use, reason: 'match', isProbe: false, notes: [] };
  if (router.classifier.mode === 'off') return undefined;
  const judged = levelOf(question);
  const alias = tierOfLevel(level ?? judged.level, tiers);
  if (alias === undefined) return undefined;
  const reason = level === undefined ? 'rules' : 'model';
  return {
    rule: classifierRule,
    alias,
    reason,
    isProbe: false,
    notes: [`level=${level ?? judged.level}`, `score=${judged.score}`],
  };
}

function levelOf({ instructions, promptTokens, facts }: RoutingQuestion): PromptLevel {
  const { tools, structuredOutput } = facts;
  return classifyPrompt({ instruction: instructions.last, promptTokens, tools, structuredOutput });
}

function shiftedDecision(
  { config }: RoutingQuestion,
  decision: RouteDecision,
  { up, isProbe }: TierShift,
): RouteDecision {
  const at = config.tiers.indexOf(decision.alias);
  const alias =
    at < 0 || up === 0 ? undefined : config.tiers[Math.min(at + up - (isProbe ? 1 : 0), config.tiers.length - 1)];
  if (alias === undefined) return decision;
  if (isProbe) return { ...decision, alias, reason: 'probe', isProbe: true };
  return { ...decision, alias, reason: 'guard', notes: [...decision.notes, `from=${decision.alias}`] };
}

/** A client may ask for a better tier than it would be given, never for a lesser one. */
function raised({ config: { tiers }, minTier }: RoutingQuestion, decision: RouteDecision): RouteDecision {
  const at = tiers.indexOf(decision.alias);
  const wanted = minTier === undefined ? -1 : tierIndex(minTier, tiers);
  const alias = tiers[wanted];
  if (alias === undefined || at < 0 || at >= wanted) return decision;
  return {
    ...decision,
    alias,
    reason: 'minTier',
    isProbe: false,
    notes: [...decision.notes, `from=${decision.alias}`],
  };
}

function tierIndex(named: string, tiers: readonly string[]): number {
  return /^\d+$/.test(named) ? Math.min(Number(named), tiers.length) - 1 : tiers.indexOf(named);
}

/** A lower tier is another model, which has nothing of this conversation in its cache. */
function losesPrefix({ config: { tiers }, promptTokens }: RoutingQuestion, from: string, to: string): boolean {
  return promptTokens >= cacheableTokens && tiers.indexOf(to) < tiers.indexOf(from) && tiers.includes(to);
}

/**
 * Tells conversations apart by how they begin, and calls within one that declare something else or bring something else:
 * those are decisions of their own.
 */
function conversationKey({ workspaceId, facts, instructions, session, turn }: RoutingQuestion): string {
  const { task, feature, callSite, tools, images, structuredOutput } = facts;
  const declared = [workspaceId, session, task, feature, callSite, tools, images, structuredOutput];
  return digest([...declared, turn === undefined ? instructions.opening : `turn ${turn}`]);
}

function turnOf({ instructions: { last, count }, turn }: RoutingQuestion): string {
  return turn ?? digest([count, last]);
}

/** Prompts are not kept in memory, not even their beginnings. */
function digest(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url');
}
