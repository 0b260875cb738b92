import type { CachedPair } from '../../cache/trust/cachedPair.ts';
import type { TrustFigures, TrustReport } from '../../cache/trust/trustReport.ts';
import type { Translate } from '../translate.ts';

/** The page's texts, in the editor's language. */
export interface JudgeView {
  readonly heading: string;
  /** The measured rate, or how many judgements are missing. */
  readonly summary: string;
  readonly notes: readonly string[];
  /** Only what is watched can be switched on. */
  readonly offersToSwitchOn: boolean;
  readonly pairs: readonly PairView[];
}

export interface PairView {
  readonly id: string;
  /** How it matched, how long ago, and whether it was served. */
  readonly title: string;
  readonly verdict: 'right' | 'wrong' | undefined;
  /** Side by side: name and text. */
  readonly sides: readonly { readonly name: string; readonly question: string; readonly answer: string }[];
}

/** @param nowMs milliseconds since 1970 */
export function judgeView(report: TrustReport, nowMs: number, t: Translate): JudgeView {
  const { figures, byKind, pairs } = report;
  return {
    heading: t('Answers to the Same Question in Other Words'),
    summary: summaryOf(report, t),
    notes: [
      ...(figures.right + figures.wrong === 0
        ? []
        : [
            t('By canonical wording: {0}.', counts(byKind.wording, t)),
            t('By meaning: {0}.', counts(byKind.semantic, t)),
          ]),
      pairs.length === 0
        ? t('Nothing to judge yet: the cache has matched no question in other words since the service started.')
        : t('“Wrong” removes the answer, and this pair never matches again.'),
    ],
    offersToSwitchOn: report.isTrustworthy && pairs.some(({ served }) => !served),
    pairs: pairs.map((pair) => pairView(pair, nowMs, t)),
  };
}

function summaryOf({ figures, enough }: TrustReport, t: Translate): string {
  const { right, wrong, falseHitRate } = figures;
  const judged = right + wrong;
  if (falseHitRate === undefined) return t('No answer was judged yet. {0} judgements give a first figure.', enough);
  const { rate, low, high } = falseHitRate;
  const measured = t(
    'Wrong: {0} of {1} judged, {2} (95 % interval {3} to {4}).',
    wrong,
    judged,
    percent(rate),
    percent(low),
    percent(high),
  );
  return judged < enough ? `${measured} ${t('That is little: {0} more are needed.', enough - judged)}` : measured;
}

function counts({ right, wrong, falseHitRate }: TrustFigures, t: Translate): string {
  if (falseHitRate === undefined) return t('none judged');
  return t('{0} right, {1} wrong, at most {2} wrong', right, wrong, percent(falseHitRate.high));
}

function pairView(pair: CachedPair, nowMs: number, t: Translate): PairView {
  const { kind, similarity, embedder, served } = pair;
  const how =
    kind === 'semantic'
      ? t('by meaning, {0} with {1}', (similarity ?? 0).toFixed(3), embedder ?? '')
      : t('by canonical wording');
  const when = t('{0} min ago', Math.max(0, Math.round((nowMs - pair.atMs) / 60_000)));
  const what = served ? t('served from the cache') : t('only watched');
  const absent = t('(not kept)');
  const kept = { name: t('Kept'), question: pair.matched ?? absent, answer: pair.answer ?? absent };
  const answerNow = served ? t('(the kept answer was given)') : (pair.modelAnswer ?? absent);
  return {
    id: pair.id,
    title: `${pair.model} · ${how} · ${what} · ${when}`,
    verdict: pair.verdict,
    sides: [{ name: t('Asked'), question: pair.asked ?? absent, answer: answerNow }, kept],
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
