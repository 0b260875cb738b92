import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerText } from '../../../src/batch/answerText.ts';
import { exactUsd } from '../../../src/batch/resultFile.ts';
import { parseResultLine } from '../../../src/batch/resultLine.ts';
import { createBatchHarness } from '../../support/batchHarness.ts';
import {
  chatAnswer,
  expiredError,
  type ScriptedResult,
  startScriptedBatchServer,
} from '../../support/scriptedBatchServer.ts';

const line = (value: object): ReturnType<typeof parseResultLine> => parseResultLine(JSON.stringify(value));

test('an answer, and every shape of a failure', () => {
  const body = { choices: [] };
  assert.deepEqual(
    line({ id: 'batch_req_1', custom_id: 'a', response: { status_code: 200, request_id: 'r', body }, error: null }),
    {
      customId: 'a',
      status: 200,
      body,
      error: undefined,
    },
  );
  assert.deepEqual(line({ custom_id: 'a', response: null, error: expiredError }), {
    customId: 'a',
    status: 0,
    body: undefined,
    error: expiredError,
  });
  assert.deepEqual(
    line({
      custom_id: 'a',
      response: { status_code: 400, body: { error: { message: 'No.', type: 'invalid_request_error', code: null } } },
      error: null,
    })?.error,
    { code: 'invalid_request_error', message: 'No.' },
  );
  assert.deepEqual(line({ custom_id: 'a', response: { status_code: 500, body: {} }, error: null })?.error, {
    code: '',
    message: '',
  });
  assert.deepEqual(line({ custom_id: 'a', response: { status_code: 202, body }, error: null })?.error, {
    code: '',
    message: '',
  });
  assert.deepEqual(line({ custom_id: 'a', response: { status_code: 200, body: 'x' }, error: null })?.error, {
    code: '',
    message: 'the answer has no body',
  });
  assert.deepEqual(
    line({
      custom_id: 'a',
      response: { status_code: 200, body: { ...body, error: { code: 'server_error', message: 'x' } } },
    })?.error,
    {
      code: 'server_error',
      message: 'x',
    },
  );
  assert.equal(line({ response: { status_code: 200, body } }), undefined);
});

test('no line throws', () => {
  const value = fc.record(
    { custom_id: fc.anything(), response: fc.anything(), error: fc.anything() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        value.map((object) => JSON.stringify(object, (_, part) => (typeof part === 'bigint' ? 0 : part))),
      ),
      (text) => {
        const parsed = parseResultLine(text);
        if (parsed?.error === undefined && parsed !== undefined)
          assert.ok(parsed.status === 200 && parsed.body !== undefined);
      },
    ),
  );
});

test('what an answer says', () => {
  const of = (message: object): string =>
    answerText({ choices: [{ index: 0, message: JSON.parse(JSON.stringify(message)) }] });
  assert.equal(of({ content: 'text' }), 'text');
  assert.equal(
    of({
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    }),
    'ab',
  );
  assert.equal(of({ content: null, refusal: 'No.' }), 'No.');
  assert.equal(of({ content: null, tool_calls: [{ id: 'c' }] }), '[\n  {\n    "id": "c"\n  }\n]');
  assert.equal(answerText({}), '');
});

test('picodollars as dollars, to the last', () => {
  assert.equal(exactUsd(0), '0');
  assert.equal(exactUsd(1), '0.000000000001');
  assert.equal(exactUsd(1_500_000_000_000), '1.5');
  assert.equal(exactUsd(2_000_000_000_000), '2');
  fc.assert(
    fc.property(fc.nat(2 ** 31), fc.nat(999_999), (high, low) => {
      const picoUsd = high * 1_000_000 + low;
      const [whole = '', decimals = ''] = exactUsd(picoUsd).split('.');
      assert.equal(BigInt(whole + decimals.padEnd(12, '0')), BigInt(picoUsd));
    }),
  );
});

test('in whatever order and mixture lines come, each result is at its own prompt', async () => {
  const kind = fc.constantFrom('answer', 'refusal', 'expired', 'none');
  const script = fc.array(fc.tuple(kind, fc.nat()), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(script, async (fates) => {
      const results: Readonly<Record<string, (index: number) => ScriptedResult>> = {
        answer: (index) =>
          chatAnswer({ custom_id: '', method: 'POST', url: '', body: { model: 'gpt-4o-mini' } }, `for ${index}`),
        refusal: (index) => ({ status: 400, body: { error: { message: `no ${index}` } } }),
        expired: () => ({ error: expiredError }),
        none: () => undefined,
      };
      const server = await startScriptedBatchServer({
        statuses: ['completed'],
        result: (_, index) => results[fates[index]?.[0] ?? 'none']?.(index),
        order: (lines) =>
          lines.toSorted(
            (a, b) =>
              (fates[Number(/batch_req_(\d+)/.exec(a)?.[1])]?.[1] ?? 0) -
              (fates[Number(/batch_req_(\d+)/.exec(b)?.[1])]?.[1] ?? 0),
          ),
      });
      const harness = createBatchHarness({ baseUrl: server.baseUrl });
      try {
        const [submitted] = await harness.submit(
          ...fates.map((_, index) => harness.file(`p${index}.md`, `prompt ${index}`)),
        );
        const job = await harness.end(submitted?.id ?? '');
        const expected = { answer: 'succeeded', refusal: 'failed', expired: 'expired', none: 'missing' } as const;
        for (const [index, [fate]] of fates.entries()) {
          const item = job.items[index];
          assert.equal(item?.state, expected[fate as keyof typeof expected]);
          assert.equal(item?.error, fate === 'refusal' ? `HTTP 400: no ${index}` : item?.error);
          if (fate === 'answer') assert.ok(harness.read(`p${index}.result.md`).endsWith(`\nfor ${index}\n`));
          else assert.equal(existsSync(join(harness.folder, `p${index}.result.md`)), false);
        }
        const ran = fates.filter(([fate]) => fate === 'answer' || fate === 'refusal').length;
        assert.equal(harness.calls().length, ran);
      } finally {
        await harness.dispose();
        await server.stop();
      }
    }),
    { numRuns: 12 },
  );
});
