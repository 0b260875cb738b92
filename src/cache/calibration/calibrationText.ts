import type { CalibrationReport, ThresholdResult } from './calibrate.ts';

/** A calibration as Markdown, which reads as plain text too. */
export function calibrationText(report: CalibrationReport): string {
  const { embedder, pairs, settled, present, proposed, wantedFalseHitRate, isUncertain } = report;
  const lines = [
    `# Calibration of ${embedder}`,
    '',
    `${pairs.builtIn} built-in pairs of developers' questions and ${pairs.judged} pairs that were judged in this workspace. Guards refuse ${settled.byGuard} of them whatever an embedder says, and ${settled.byWording} have the same words (${settled.wronglyByWording} of those wrongly); the rest decides here.`,
    '',
    '| threshold | | right | wrong | wrong hits | recall |',
    '| --- | --- | --- | --- | --- | --- |',
    rowOf('in force', present),
    ...(proposed === undefined ? [] : [rowOf('proposed', proposed)]),
    '',
  ];
  if (proposed === undefined) {
    lines.push(`No threshold keeps wrong hits at ${percent(wantedFalseHitRate)} or below. Use another embedder.`);
  } else {
    lines.push(`To use it: \`"cache": { "semantic": { "threshold": ${proposed.threshold} } }\` in tollgate.jsonc.`);
    if (isUncertain) {
      lines.push(
        '',
        `These pairs are too few to prove it: the rate may be up to ${percent(proposed.falseHitRate?.high ?? 1)}. Judge what the cache serves, or would serve, and calibrate again.`,
      );
    }
  }
  lines.push(
    '',
    '## By threshold',
    '',
    '| threshold | right | wrong | wrong hits | recall |',
    '| --- | --- | --- | --- | --- |',
  );
  for (const result of report.curve.filter((_, index) => index % 4 === 0)) lines.push(shortRow(result));
  return `${lines.join('\n')}\n`;
}

function rowOf(name: string, result: ThresholdResult): string {
  return `| ${name} ${shortRow(result)}`;
}

function shortRow({ threshold, right, wrong, falseHitRate, recall }: ThresholdResult): string {
  const rate =
    falseHitRate === undefined
      ? '–'
      : `${percent(falseHitRate.rate)} (${percent(falseHitRate.low)} to ${percent(falseHitRate.high)})`;
  return `| ${threshold} | ${right} | ${wrong} | ${rate} | ${percent(recall)} |`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
