import type { ModelCall } from '../../detect/calls/modelCall.ts';
import { type Advice, message } from '../advice.ts';
import type { RuleContext } from '../ruleContext.ts';

/** Days that a provider keeps the answers of a batch: OpenAI deletes the output file, Anthropic the results. */
const keptDays: Readonly<Record<string, number>> = { openaiBatch: 30, anthropicBatch: 29 };
const collects =
  /batches\s*(?:\(\))?\s*\.\s*(?:retrieve|list|results|get|poll|New?Results)|output_?file_?id|results_?url|batch_?id|webhook/i;

function isLost(context: RuleContext, { result, span }: ModelCall): boolean {
  if (result.kind === 'discarded') return true;
  if (result.kind !== 'assigned' || result.name === '') return false;
  const rest = context.source.text.slice(span.end);
  return !new RegExp(`(?<![\\w$])${result.name.replaceAll('$', '\\$')}(?![\\w$])`).test(rest);
}

/** A batch whose id is kept nowhere, in a file that collects none: it is paid for and never read. */
export function batchNeverCollected(context: RuleContext): Advice[] {
  return context.calls.flatMap((call): Advice[] => {
    const days = keptDays[call.api];
    if (days === undefined || !isLost(context, call) || collects.test(context.fileText)) return [];
    return [
      {
        rule: 'batch-never-collected',
        span: call.name,
        message: message(
          'The id of this batch is not kept. Its answers are billed, and deleted by the provider after {0} days. Store the id and collect the results.',
          days,
        ),
        fixes: [],
      },
    ];
  });
}
