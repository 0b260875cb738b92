import type { PanelStringKey } from './panelStrings.ts';
import type { PanelCacheOutcome, PanelTotals } from './spend.ts';

/** Outcomes that answered a call without asking a provider, with what the panel calls them. */
export const hitKinds = [
  { outcome: 'hitExact', title: 'hitExact' },
  { outcome: 'hitWording', title: 'hitWording' },
  { outcome: 'hitSemantic', title: 'hitSemantic' },
  { outcome: 'joined', title: 'joined' },
] as const satisfies readonly { outcome: PanelCacheOutcome; title: PanelStringKey }[];

/** How a call's outcome is named in the list of calls. */
export const outcomeName: Readonly<Record<PanelCacheOutcome, PanelStringKey>> = {
  hitExact: 'cacheHitExact',
  hitWording: 'cacheHitWording',
  hitSemantic: 'cacheHitSemantic',
  joined: 'cacheJoined',
  shadowExact: 'cacheShadow',
  shadowWording: 'cacheShadow',
  shadowSemantic: 'cacheShadow',
  miss: 'cacheMiss',
  bypass: 'cacheBypass',
};

function sumOf(totals: PanelTotals, outcomes: readonly PanelCacheOutcome[]): number {
  return outcomes.reduce((sum, outcome) => sum + (totals.cacheOutcomes[outcome] ?? 0), 0);
}

export function cacheHits(totals: PanelTotals): number {
  return sumOf(
    totals,
    hitKinds.map(({ outcome }) => outcome),
  );
}

/** Calls that would have been the same request as before, had the exact cache served them. */
export function exactShadows(totals: PanelTotals): number {
  return sumOf(totals, ['shadowExact']);
}

/** Calls that would have matched by wording or meaning, had the semantic cache served them. */
export function semanticShadows(totals: PanelTotals): number {
  return sumOf(totals, ['shadowWording', 'shadowSemantic']);
}

export function isHit(outcome: PanelCacheOutcome): boolean {
  return hitKinds.some((kind) => kind.outcome === outcome);
}
