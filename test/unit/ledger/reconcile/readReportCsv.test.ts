import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ReportUnavailable } from '../../../../src/ledger/reconcile/errors.ts';
import { readReportCsv } from '../../../../src/ledger/reconcile/readReportCsv.ts';
import { picoUsdOfDecimal } from '../../../../src/ledger/reconcile/usdAmount.ts';

/** Columns in the order in which the consoles export them; the figures are made up. */
const openAiUsage = `start_time,end_time,start_time_iso,end_time_iso,input_tokens,output_tokens,input_cached_tokens,input_audio_tokens,output_audio_tokens,num_model_requests,project_id,user_id,api_key_id,model,batch
1790812800,1790899200,2026-10-01T00:00:00+00:00,2026-10-02T00:00:00+00:00,1000,200,300,50,20,7,proj_a,,key_a,gpt-4o-2024-08-06,False
1790812800,1790899200,2026-10-01T00:00:00+00:00,2026-10-02T00:00:00+00:00,10,2,,,,1,proj_a,,key_a,gpt-4o-mini,True
1790899200,1790985600,2026-10-02T00:00:00+00:00,2026-10-03T00:00:00+00:00,,,,,,,,,,,
`;
const openAiCosts = `start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id
1790812800,1790899200,2026-10-01T00:00:00+00:00,2026-10-02T00:00:00+00:00,0.0625,usd,"gpt-4o-2024-08-06, input",proj_a
1790812800,1790899200,2026-10-01T00:00:00+00:00,2026-10-02T00:00:00+00:00,1e-05,usd,"gpt-4o-2024-08-06, cached input",proj_a
1790812800,1790899200,2026-10-01T00:00:00+00:00,2026-10-02T00:00:00+00:00,0.03,usd,Web search,proj_a
1790899200,1790985600,2026-10-02T00:00:00+00:00,2026-10-03T00:00:00+00:00,,,,
`;
const anthropicUsage = `usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count
2026-08-04,claude-haiku-4-5-20251001,ci,Default,batch,≤ 200k,100,20,10,5,40,0
`;
const anthropicCosts = `﻿usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,inference_geo,speed
2026-08-04,Claude Haiku 4.5,Default,ci,message,≤ 200k,input_no_cache,0.05,0.05,token,not_available,
2026-08-04,,Default,ci,,,,0.01,0.01,web_search,not_available,
`;

describe('readReportCsv', () => {
  test('OpenAI usage: cached and audio tokens are taken out of the input, days without calls are no rows', () => {
    const { usage, costs } = readReportCsv(openAiUsage);
    assert.deepEqual(costs, []);
    assert.deepEqual(usage, [
      {
        day: '2026-10-01',
        model: 'gpt-4o-2024-08-06',
        keyId: 'key_a',
        usage: { input: 650, cacheRead: 300, cacheWrite5m: 0, inputAudio: 50, output: 180, outputAudio: 20 },
        requests: 7,
      },
      {
        day: '2026-10-01',
        model: 'gpt-4o-mini',
        tier: 'batch',
        keyId: 'key_a',
        usage: { input: 10, cacheRead: 0, cacheWrite5m: 0, inputAudio: 0, output: 2, outputAudio: 0 },
        requests: 1,
      },
    ]);
  });

  test('OpenAI costs: a line item that names a model, and one that does not', () => {
    assert.deepEqual(readReportCsv(openAiCosts).costs, [
      {
        day: '2026-10-01',
        item: 'gpt-4o-2024-08-06, input',
        picoUsd: 62_500_000_000n,
        model: 'gpt-4o-2024-08-06',
      },
      {
        day: '2026-10-01',
        item: 'gpt-4o-2024-08-06, cached input',
        picoUsd: 10_000_000n,
        model: 'gpt-4o-2024-08-06',
      },
      { day: '2026-10-01', item: 'Web search', picoUsd: 30_000_000_000n },
    ]);
  });

  test('Anthropic usage and costs: names become ids, what is not tokens has no model', () => {
    assert.deepEqual(readReportCsv(anthropicUsage).usage, [
      {
        day: '2026-08-04',
        model: 'claude-haiku-4-5-20251001',
        tier: 'batch',
        keyId: 'ci',
        usage: { input: 100, cacheRead: 5, cacheWrite5m: 20, cacheWrite1h: 10, output: 40 },
      },
    ]);
    assert.deepEqual(readReportCsv(anthropicCosts).costs, [
      {
        day: '2026-08-04',
        item: 'Claude Haiku 4.5, input_no_cache',
        picoUsd: 50_000_000_000n,
        model: 'claude-haiku-4-5',
        keyId: 'ci',
      },
      { day: '2026-08-04', item: '', picoUsd: 10_000_000_000n, keyId: 'ci' },
    ]);
  });

  test('a file of another kind is named by its columns, a spoilt cell by its line', () => {
    const refused = (text: string, message: RegExp) =>
      assert.throws(
        () => readReportCsv(text),
        (error) => error instanceof ReportUnavailable && error.reason === 'notReadable' && message.test(error.message),
      );
    refused('foo,bar\n1,2\n', /its columns are foo, bar/);
    refused(openAiUsage.replace('1000,200', '"1.000,5",200'), /Line 2 of the file has no usable input_tokens/);
    refused(openAiCosts.replace('0.0625', 'n/a'), /Line 2 of the file has no usable amount_value/);
    refused(anthropicCosts.replace('2026-08-04', '04.08.2026'), /Line 2 of the file has no usable usage_date_utc/);
    refused('a,b\n"1,2\n', /not CSV/);
    assert.deepEqual(readReportCsv(''), { usage: [], costs: [] });
  });

  test('any text is read or refused in words', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => openAiCosts + text),
        ),
        (text) => {
          try {
            readReportCsv(text);
          } catch (error) {
            assert.ok(error instanceof ReportUnavailable, String(error));
          }
        },
      ),
    );
  });
});

describe('picoUsdOfDecimal', () => {
  const dollar = 1_000_000_000_000n;

  test('reads decimals exactly', () => {
    assert.equal(picoUsdOfDecimal('0.06', dollar), 60_000_000_000n);
    assert.equal(picoUsdOfDecimal('123.78912', 10_000_000_000n), 1_237_891_200_000n);
    assert.equal(picoUsdOfDecimal('-5', dollar), -5n * dollar);
    assert.equal(picoUsdOfDecimal('$1.5', dollar), 1_500_000_000_000n);
    assert.equal(picoUsdOfDecimal('1e-05', dollar), 10_000_000n);
    assert.equal(picoUsdOfDecimal('0.0000000000015', dollar), 2n);
    for (const text of ['', '.', 'n/a', '1,5', '0x10', 'NaN']) assert.equal(picoUsdOfDecimal(text, dollar), undefined);
  });

  test('every whole number of picodollars comes back', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 20n), (amount) => {
        const text = `${amount / dollar}.${String(amount % dollar).padStart(12, '0')}`;
        assert.equal(picoUsdOfDecimal(text, dollar), amount);
      }),
    );
  });
});
