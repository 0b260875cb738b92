import type { Embedder } from '../embedders/embedder.ts';
import { createJudge } from '../guards/createJudge.ts';
import type { JudgedPair } from '../trust/cachedPair.ts';
import { canonicalWording } from '../wording/canonicalWording.ts';
import type { LabelledPair } from './developerPairs.ts';
import { type Interval, wilson } from './wilson.ts';

/** What a threshold does to the pairs that get as far: other words, and no guard objects. */
export interface ThresholdResult {
  readonly threshold: number;
  /** Pairs at or above it that may share an answer, and that may not. */
  readonly right: number;
  readonly wrong: number;
  /** `wrong / (right + wrong)` with its 95 % interval; absent where nothing hits. */
  readonly falseHitRate?: Interval;
  /** Share of the pairs that may share an answer, of those that get as far. */
  readonly recall: number;
}

export interface CalibrationReport {
  readonly embedder: string;
  /** What is in force without a calibration. */
  readonly presentThreshold: number;
  readonly wantedFalseHitRate: number;
  readonly pairs: { readonly builtIn: number; readonly judged: number };
  /** Matched by their canonical words, without the embedder; refused by a guard, whatever the embedder says. */
  readonly settled: { readonly byWording: number; readonly byGuard: number; readonly wronglyByWording: number };
  readonly present: ThresholdResult;
  /** The lowest from which the wanted rate holds, lowered only where enough pairs say so; absent where no threshold has it. */
  readonly proposed?: ThresholdResult;
  /** The proposed threshold is not proven: the interval reaches above the wanted rate. */
  readonly isUncertain: boolean;
  readonly curve: readonly ThresholdResult[];
}

export interface CalibrationOptions {
  readonly embedder: Embedder;
  readonly pairs: readonly LabelledPair[];
  readonly judged: readonly JudgedPair[];
  /** Wanted: of the semantic hits, at most this share is wrong. */
  readonly falseHitRate: number;
}

interface Scored {
  readonly score: number;
  readonly isSame: boolean;
}

/**
 * Scores an embedder on labelled pairs as the cache would: canonical words first, guards before every hit. Rejects where the
 * embedder does.
 */
export async function calibrate(options: CalibrationOptions): Promise<CalibrationReport> {
  const { embedder, judged, falseHitRate } = options;
  const worded = judged.flatMap(({ asked, matched, verdict }) =>
    asked === undefined || matched === undefined ? [] : [{ a: asked, b: matched, isSame: verdict === 'right' }],
  );
  const settled = { byWording: 0, byGuard: 0, wronglyByWording: 0 };
  const judge = createJudge();
  const open = [...options.pairs, ...worded].filter(({ a, b, isSame }) => {
    const wording = canonicalWording(b);
    if (judge.objection({ text: b, wording }, a) !== undefined) settled.byGuard++;
    else if (wording.key === canonicalWording(a).key) {
      settled.byWording++;
      if (!isSame) settled.wronglyByWording++;
    } else return true;
    return false;
  });
  const scored = await scoresOf(embedder, open);
  // Of pairs whose texts are gone, what this embedder said then.
  for (const { asked, embedder: by, similarity, verdict } of judged) {
    if (asked === undefined && by === embedder.id && similarity !== undefined)
      scored.push({ score: similarity, isSame: verdict === 'right' });
  }
  const curve = thresholds(scored).map((threshold) => resultAt(scored, threshold));
  const present = resultAt(scored, embedder.threshold);
  const proposed = lowestGood(curve, present, falseHitRate);
  return {
    embedder: embedder.id,
    presentThreshold: embedder.threshold,
    wantedFalseHitRate: falseHitRate,
    pairs: { builtIn: options.pairs.length, judged: judged.length },
    settled,
    present,
    ...(proposed === undefined ? {} : { proposed }),
    isUncertain: proposed === undefined || (proposed.falseHitRate?.high ?? 1) > falseHitRate,
    curve,
  };
}

async function scoresOf(embedder: Embedder, pairs: readonly LabelledPair[]): Promise<Scored[]> {
  const vectors = await embedder.embed(pairs.flatMap(({ a, b }) => [a, b]));
  return pairs.map(({ isSame }, index) => ({ score: dot(vectors[2 * index], vectors[2 * index + 1]), isSame }));
}

function dot(a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

/** From 0.5 to 1 in steps of half a hundredth: finer than what a few hundred pairs can tell. */
function thresholds(scored: readonly Scored[]): number[] {
  const all = Array.from({ length: 101 }, (_, step) => Math.round(1000 * (0.5 + step * 0.005)) / 1000);
  const highest = scored.reduce((most, { score }) => Math.max(most, score), 0);
  return all.filter((threshold) => threshold <= highest);
}

function resultAt(scored: readonly Scored[], threshold: number): ThresholdResult {
  const hits = scored.filter(({ score }) => score >= threshold);
  const right = hits.filter(({ isSame }) => isSame).length;
  const wrong = hits.length - right;
  const same = scored.filter(({ isSame }) => isSame).length;
  return {
    threshold,
    right,
    wrong,
    ...(hits.length === 0 ? {} : { falseHitRate: wilson(wrong, hits.length) }),
    recall: same === 0 ? 0 : right / same,
  };
}

/** So many hits are asked for before a threshold is lowered: five that happened to be right say nothing. */
const hitsToLower = 20;

/** Good at this threshold and at every higher one, so that no lucky dip is taken for a threshold. */
function lowestGood(
  curve: readonly ThresholdResult[],
  present: ThresholdResult,
  wanted: number,
): ThresholdResult | undefined {
  let best: ThresholdResult | undefined;
  for (const result of [...curve, present].toSorted((a, b) => b.threshold - a.threshold)) {
    if (result.falseHitRate !== undefined && result.falseHitRate.rate > wanted) break;
    if (result.threshold >= present.threshold || result.right + result.wrong >= hitsToLower) best = result;
  }
  return best;
}
