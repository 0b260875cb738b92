import { formatUsd } from '../../catalog/formatUsd.ts';
import type { FindingGroup, FindingTotals, Grouping, GroupOf, PlacedFinding } from '../../scan/groupFindings.ts';
import { costText, rateText, tokensText } from '../lens/lensText.ts';
import type { Translate } from '../translate.ts';

/** A side bar is narrow, and the numbers come after. */
const excerptLength = 32;

/** How a file is called in the tree: relative to its workspace folder. */
export type ShowPath = (path: string) => string;

export function groupLabel(of: GroupOf, showPath: ShowPath, t: Translate): string {
  switch (of.kind) {
    case 'model':
      return of.name;
    case 'noModel':
      return t('No model in sight');
    case 'file':
      return showPath(of.path);
    case 'band':
      return of.atLeastUsd === 0 ? t('Below $0.0001 a call') : t('{0} and more a call', `$${of.atLeastUsd}`);
    case 'unpriced':
      return t('Price unknown');
    case 'mentions':
      return t('Models named');
  }
}

export function groupDescription(group: FindingGroup, t: Translate): string {
  const first = group.findings[0]?.reported.model;
  const rates = group.of.kind === 'model' && first ? [rateText(first.lookup, t)] : [];
  return [...rates, totalsText(group.totals, t)].join(' · ');
}

/** `3 models · 5 prompts · ~1,204 tok · ~$0.0030 in`. What has no price is told beside the sum, never as zero in it. */
export function totalsText(totals: FindingTotals, t: Translate): string {
  const { mentions, prompts, counted, tokens, estimated } = totals;
  const mark = estimated ? '~' : '';
  const parts = [
    mentions === 0 ? '' : mentions === 1 ? t('1 model') : t('{0} models', mentions.toLocaleString('en-US')),
    prompts === 0 ? '' : prompts === 1 ? t('1 prompt') : t('{0} prompts', prompts.toLocaleString('en-US')),
    counted === 0 ? '' : t('{0} tok', `${mark}${tokens.toLocaleString('en-US')}`),
    sumText(totals, t),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function sumText({ counted, unpriced, picoUsd, estimated }: FindingTotals, t: Translate): string {
  if (counted === 0) return '';
  if (unpriced === counted) return t('price unknown');
  const sum = t('{0} in', `${estimated ? '~' : ''}${formatUsd(picoUsd)}`);
  return unpriced === 0 ? sum : t('{0} + {1} of unknown price', sum, unpriced.toLocaleString('en-US'));
}

export interface FindingText {
  readonly label: string;
  readonly description: string;
}

/** One finding as a line of the tree; what its group says already is left out. */
export function findingText(
  { path, reported }: PlacedFinding,
  by: Grouping,
  showPath: ShowPath,
  t: Translate,
): FindingText {
  const { finding, start, cell, model, tokens, inputCost } = reported;
  const line = cell === undefined ? String(start.line + 1) : t('cell {0}, line {1}', cell + 1, start.line + 1);
  const place = by === 'file' ? t('line {0}', line) : `${showPath(path)}:${line}`;
  if (finding.kind !== 'prompt') {
    const name = model?.alias === undefined ? (model?.name ?? finding.text) : `${model.alias} → ${model.name}`;
    // In a group of one model its name says nothing; where it stands does.
    if (by === 'model')
      return { label: place, description: model?.alias ?? (finding.text === name ? '' : finding.text) };
    return { label: name, description: [place, ...(model ? [rateText(model.lookup, t)] : [])].join(' · ') };
  }
  const numbers = [...(tokens ? [tokensText(tokens, t)] : []), ...(inputCost ? [costText(inputCost, t)] : [])];
  return {
    label: excerpt(finding.parts.map(({ text }) => text).join('')),
    description: [...numbers, place].join(' · '),
  };
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > excerptLength ? `“${line.slice(0, excerptLength - 1)}…”` : `“${line}”`;
}
