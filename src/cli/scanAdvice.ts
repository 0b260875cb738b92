import type { Advice } from '../advice/advice.ts';
import { englishText } from '../advice/advice.ts';
import { giveAdvice } from '../advice/giveAdvice.ts';
import { type AdviceLevel, defaultLevels, type RuleId, type RuleLevels, ruleIds } from '../advice/ruleIds.ts';
import { createLinePositions, type LinePosition } from '../scan/linePositions.ts';
import { nameModel } from '../scan/nameModel.ts';
import type { ScanDeps, ScannedPart } from '../scan/scanFiles.ts';
import { unknownRule } from './errors.ts';

/** An advice with its place in a file. */
export interface PlacedAdvice {
  readonly rule: RuleId;
  readonly level: AdviceLevel;
  readonly start: LinePosition;
  readonly end: LinePosition;
  readonly cell?: number;
  readonly message: string;
}

/** The levels of a scan: those of the rules, or, where rules are named, `information` for these and no others. */
export function askedLevels(named: readonly string[]): RuleLevels {
  const wrong = named.find((name) => !ruleIds.some((rule) => rule === name));
  if (wrong !== undefined) throw unknownRule(wrong, ruleIds);
  if (named.length === 0) return defaultLevels;
  const levels: Record<RuleId, AdviceLevel> = { ...defaultLevels };
  for (const rule of ruleIds) levels[rule] = named.includes(rule) ? 'information' : 'off';
  return levels;
}

/** The advice on one file, in document order. @param today ISO date */
export async function adviseOnFile(
  parts: readonly ScannedPart[],
  tools: ScanDeps,
  levels: RuleLevels,
  today: string,
): Promise<PlacedAdvice[]> {
  const { catalog, aliases, counter, detector } = tools;
  const fileText = parts.map(({ source }) => source.text).join('\n');
  const named = (text: string) => nameModel(text, catalog, aliases);
  const given = parts.map(async (part) => {
    const elsewhere = parts.flatMap(({ findings }) => (findings === part.findings ? [] : findings));
    const calls = await detector.calls(part.source);
    const document = { source: part.source, findings: part.findings, calls, elsewhere, fileText };
    const advice = await giveAdvice(document, levels, { catalog, aliases, nameModel: named, counter, today });
    return placed(advice, part, levels);
  });
  return (await Promise.all(given)).flat();
}

function placed(advice: readonly Advice[], { source, cell }: ScannedPart, levels: RuleLevels): PlacedAdvice[] {
  if (advice.length === 0) return [];
  const position = createLinePositions(source.text);
  return advice.map(({ rule, span, message }) => ({
    rule,
    level: levels[rule],
    start: position(span.start),
    end: position(span.end),
    ...(cell === undefined ? {} : { cell }),
    message: englishText(message),
  }));
}

/** `app.py:4:11: information flagship-for-simple-task: …`, one line each, lines and columns from 1. */
export function adviceLines(file: string, advice: readonly PlacedAdvice[]): string {
  return advice
    .map(({ rule, level, start, cell, message }) => {
      const inCell = cell === undefined ? '' : `:cell ${cell + 1}`;
      return `${file}${inCell}:${start.line + 1}:${start.col + 1}: ${level} ${rule}: ${message}\n`;
    })
    .join('');
}

/** The advice of a file for `--json`. */
export function adviceFields(advice: readonly PlacedAdvice[]): object[] {
  return advice.map(({ start, end, ...rest }) => ({
    ...rest,
    line: start.line,
    col: start.col,
    endLine: end.line,
    endCol: end.col,
  }));
}
