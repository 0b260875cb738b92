import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { totalInputTokens, totalOutputTokens } from '../../../src/catalog/usage.ts';
import { createBatchHarness } from '../../support/batchHarness.ts';
import { startScriptedBatchServer } from '../../support/scriptedBatchServer.ts';
import { soakRounds } from '../../support/soak.ts';

interface Billed {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

/** A part is never more than its whole. */
const billed: fc.Arbitrary<Billed> = fc
  .tuple(fc.nat(5_000), fc.nat(100), fc.nat(3_000), fc.nat(100))
  .map(([input, cachedShare, output, reasoningShare]) => ({
    input,
    cached: Math.floor((input * cachedShare) / 100),
    output,
    reasoning: Math.floor((output * reasoningShare) / 100),
  }));

const usageOf = ({ input, cached, output, reasoning }: Billed): object => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: cached },
  completion_tokens_details: { reasoning_tokens: reasoning },
});

async function runJob(lines: readonly Billed[], more: number): Promise<void> {
  const input = lines.reduce((sum, line) => sum + line.input, 0);
  const output = lines.reduce((sum, line) => sum + line.output, 0);
  const server = await startScriptedBatchServer({
    statuses: ['completed'],
    order: (texts) => texts.toReversed(),
    usage: { input_tokens: input + more, output_tokens: output, total_tokens: input + more + output },
    result: ({ custom_id: id, body }, index) => ({
      status: 200,
      body: {
        model: body.model,
        choices: [{ message: { role: 'assistant', content: id }, finish_reason: 'stop' }],
        usage: usageOf(lines[index] ?? { input: 0, cached: 0, output: 0, reasoning: 0 }),
      },
    }),
  });
  const harness = createBatchHarness({ baseUrl: server.baseUrl });
  try {
    const paths = lines.map((_, index) => harness.file(`p${index}.md`, `Say ${index}.`));
    const [submitted] = await harness.submit(...paths);
    const job = await harness.end(submitted?.id ?? '');
    const items = job.items.flatMap(({ usage }) => (usage === undefined ? [] : [usage]));
    assert.deepEqual(
      [
        items.reduce((sum, usage) => sum + totalInputTokens(usage), 0),
        items.reduce((sum, usage) => sum + totalOutputTokens(usage), 0),
      ],
      [input, output],
    );
    const cost = job.items.reduce((sum, { costPicoUsd }) => sum + BigInt(costPicoUsd ?? 0), 0n);
    assert.equal(job.totals.picoUsd, String(cost));
    harness.ledger.flush();
    const { totals } = harness.ledger.spend({ workspaceId: 'w1', fromMs: 0, toMs: 1e15, lastCalls: 0 });
    assert.deepEqual([totals.costPicoUsd, totals.inputTokens, totals.outputTokens], [String(cost), input, output]);
    const told = (job.notes ?? []).filter((note) => note.startsWith('The provider counts'));
    const isBatchCounted = input + more + output > 0;
    assert.deepEqual(told.length, more > 0 && isBatchCounted ? 1 : 0);
  } finally {
    await harness.dispose();
    await server.stop();
  }
}

test('the costs of the items, the ledger and the usage of the batch agree to the token, and a difference is told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(billed, { minLength: 1, maxLength: 6 }), fc.constantFrom(0, 0, 1, 250), runJob),
    { numRuns: soakRounds(8) },
  );
});
