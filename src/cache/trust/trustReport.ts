import { type Interval, wilson } from '../calibration/wilson.ts';
import type { CachedPair, JudgedPair } from './cachedPair.ts';

/** Judgements of answers to other wording, and the share of wrong ones with its 95 % interval. */
export interface TrustFigures {
  readonly right: number;
  readonly wrong: number;
  /** Absent where nothing was judged. */
  readonly falseHitRate?: Interval;
}

/** What the semantic cache did here, and how often people said that it was wrong. */
export interface TrustReport {
  /** Newest first, of other wording only. */
  readonly pairs: readonly CachedPair[];
  /** Of all judgements, also those of before the service started. */
  readonly figures: TrustFigures;
  /** By canonical words, and by meaning. */
  readonly byKind: Readonly<Record<'wording' | 'semantic', TrustFigures>>;
  /** Judgements from which the rate says something. */
  readonly enough: number;
  /** Enough were judged, and few enough were wrong, to offer to serve what is only watched. */
  readonly isTrustworthy: boolean;
}

/** None wrong of thirty: the rate is below 11.4 %, 95 times of 100. */
const enough = 30;
const highestRate = 0.02;

export function trustReport(pairs: readonly CachedPair[], judged: readonly JudgedPair[]): TrustReport {
  const reworded = judged.filter(({ kind }) => kind !== 'exact');
  const figures = figuresOf(reworded);
  return {
    pairs,
    figures,
    byKind: {
      wording: figuresOf(reworded.filter(({ kind }) => kind === 'wording')),
      semantic: figuresOf(reworded.filter(({ kind }) => kind === 'semantic')),
    },
    enough,
    isTrustworthy: reworded.length >= enough && (figures.falseHitRate?.rate ?? 1) <= highestRate,
  };
}

function figuresOf(judged: readonly JudgedPair[]): TrustFigures {
  const wrong = judged.filter(({ verdict }) => verdict === 'wrong').length;
  const right = judged.length - wrong;
  return { right, wrong, ...(judged.length === 0 ? {} : { falseHitRate: wilson(wrong, judged.length) }) };
}
