import { basename } from 'node:path';
import type { Cost } from '../catalog/cost.ts';
import { formatUsd } from '../catalog/formatUsd.ts';
import type { Usage } from '../catalog/usage.ts';
import type { JobRecord } from './jobRecord.ts';
import { yamlText } from './yamlText.ts';

/** What a result file says about its answer. */
export interface ResultFacts {
  readonly job: Pick<JobRecord, 'id' | 'provider' | 'demo'>;
  readonly promptPath: string;
  /** The model the provider says it ran. */
  readonly model: string;
  readonly usage: Usage | undefined;
  readonly cost: Cost;
  /** When the job ended: the same however often it is collected. */
  readonly endedAtMs: number;
  /** The provider's word for why the answer ended. */
  readonly finishReason: string | undefined;
}

/** Why an answer ends that is whole: OpenAI's word and Anthropic's. */
const naturalEnds = new Set(['stop', 'end_turn']);

/** Markdown with front matter. */
export function renderTextResult(facts: ResultFacts, text: string): string {
  const { job, cost, finishReason } = facts;
  const lines = [
    `prompt: ${yamlText(basename(facts.promptPath))}`,
    `model: ${yamlText(`${job.provider}/${facts.model}`)}`,
  ];
  if (job.demo) lines.push('demo: answered by the built-in demo provider; billed by nobody');
  lines.push(...usageLines(facts.usage), `cost: ${yamlText(costText(cost))}`);
  if ('picoUsd' in cost) lines.push(`priceId: ${yamlText(cost.priceId)}`, 'serviceTier: batch');
  lines.push(`job: ${yamlText(job.id)}`, `date: ${new Date(facts.endedAtMs).toISOString()}`);
  if (finishReason !== undefined && !naturalEnds.has(finishReason)) lines.push(`finish: ${yamlText(finishReason)}`);
  return `---\n${lines.join('\n')}\n---\n\n${text.trimEnd()}\n`;
}

function usageLines(usage: Usage | undefined): string[] {
  if (usage === undefined) return ['usage: not reported'];
  const kinds = Object.entries(usage).map(([kind, tokens]) => `  ${kind}: ${tokens}`);
  return kinds.length === 0 ? ['usage: {}'] : ['usage:', ...kinds];
}

/** `$0.0012 (exact: 0.0012345 USD)`; `price unknown` is never zero. */
function costText(cost: Cost): string {
  switch (cost.status) {
    case 'exact':
      return `${formatUsd(cost.picoUsd)} (${exactUsd(cost.picoUsd)} USD)`;
    case 'estimated':
      return `~${formatUsd(cost.picoUsd)} (${exactUsd(cost.picoUsd)} USD, estimated: ${cost.reason})`;
    case 'unpriced':
      return `price unknown (${cost.reason})`;
    case 'notBilled':
      return `not billed (${cost.reason})`;
  }
}

/** All twelve decimals that matter. */
export function exactUsd(picoUsd: number): string {
  const digits = picoUsd.toString().padStart(13, '0');
  const decimals = digits.slice(-12).replace(/0+$/, '');
  return `${digits.slice(0, -12)}${decimals === '' ? '' : `.${decimals}`}`;
}
