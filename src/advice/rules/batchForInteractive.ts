import type { ModelCall } from '../../detect/calls/modelCall.ts';
import { type Advice, message } from '../advice.ts';
import type { RuleContext } from '../ruleContext.ts';

const isBatch = ({ api }: ModelCall): boolean => api.endsWith('Batch');
/** The handler does not leave it at handing the job in. */
const waits =
  /\bsleep\s*\(|setTimeout\s*\(|time\.Sleep|\bbatches\s*\(?\)?\s*\.\s*(?:retrieve|get|results)\b|output_?file_?id|\bin_progress\b|\bprocessing_status\b|Task\.Delay/i;

/** A batch handed in and waited for while somebody waits for an answer. To hand one in and answer at once is fine. */
export function batchForInteractive(context: RuleContext): Advice[] {
  return context.calls.flatMap((call): Advice[] => {
    if (!isBatch(call) || !call.inHandler || !call.owner) return [];
    const after = context.source.text.slice(call.span.end, call.owner.span.end);
    if (!waits.test(after)) return [];
    return [
      {
        rule: 'batch-for-interactive',
        span: call.name,
        message: message(
          'This request handler waits for a batch, which may take up to 24 hours. Make a direct call here, or answer with the id of the job and collect it later.',
        ),
        fixes: [],
      },
    ];
  });
}
