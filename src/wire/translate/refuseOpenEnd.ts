import type { Turn } from './conversation.ts';
import type { Findings } from './fields.ts';

/** After an answer Anthropic goes on with that answer, and OpenAI begins another: neither can be told to do the other. */
export function refuseOpenEnd(turns: readonly Turn[], findings: Findings): void {
  const last = turns.at(-1);
  if (last?.role === 'assistant')
    findings.refuse(last.path, 'is an answer at the end of the conversation, which is taken differently there');
}
