// A provider's reply or stream → usage by kinds → cost, each worked out by hand in the table.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { costOf } from '../../../src/catalog/costOf.ts';
import type { ServiceTier } from '../../../src/catalog/price.ts';
import type { Usage, Uses } from '../../../src/catalog/usage.ts';
import type { JsonObject } from '../../../src/wire/json.ts';
import type { BodyEndpoint } from '../../../src/wire/parsedRequest.ts';
import { parseRequest } from '../../../src/wire/parseRequest.ts';
import { type ReplyFacts, readReply } from '../../../src/wire/replyFacts.ts';
import { createStreamReader } from '../../../src/wire/streamReader.ts';
import { usesOfCall } from '../../../src/wire/usageReading.ts';
import { catalog } from '../catalog/priceData.ts';

interface Golden {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  readonly endpoint: BodyEndpoint;
  readonly reply?: JsonObject;
  readonly events?: readonly JsonObject[];
  readonly serviceTier?: ServiceTier;
  readonly at?: string;
  readonly usage: Usage;
  readonly uses?: Uses;
  /** Tokens × USD per million, and uses × millionths of a dollar: the sum is in millionths of a dollar. */
  readonly working?: string;
  readonly status: string;
  readonly picoUsd?: number;
}

const rows: Golden[] = readFileSync(resolve(import.meta.dirname, '../../golden/cost.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line): Golden => JSON.parse(line))
  .filter(({ reply, events }) => reply !== undefined || events !== undefined);

function factsOf({ endpoint, reply, events }: Golden): ReplyFacts {
  if (reply !== undefined) return readReply(endpoint, reply);
  const parsed = parseRequest(endpoint, Buffer.from('{"model":"m","stream":true}'));
  assert.ok('request' in parsed);
  const stream = createStreamReader(parsed.request);
  for (const event of events ?? []) {
    const name = typeof event.type === 'string' ? `event: ${event.type}\n` : '';
    stream.push(Buffer.from(`${name}data: ${JSON.stringify(event)}\n\n`));
  }
  return stream.events.facts();
}

/** The working of a row, in picodollars. */
function worked(working: string): number {
  return working
    .split(' + ')
    .map((part) => part.split('×').map(Number))
    .reduce((sum, [count = Number.NaN, price = Number.NaN]) => sum + count * Math.round(price * 1e6), 0);
}

test('the table has every provider that bills its own way, streamed and whole', () => {
  assert.ok(rows.length >= 80);
  const rowsOf = (provider: string) => rows.filter((row) => row.provider === provider);
  for (const provider of [
    'openai',
    'anthropic',
    'google',
    'deepseek',
    'xai',
    'perplexity',
    'mistral',
    'azure',
    'aws',
    'groq',
  ])
    assert.ok(rowsOf(provider).length >= 2, provider);
  assert.ok(rows.filter(({ events }) => events !== undefined).length >= 20);
});

for (const row of rows)
  test(`golden: ${row.name}`, () => {
    const { usage: reading, serviceTier } = factsOf(row);
    assert.ok(reading);
    assert.deepEqual(reading.usage, row.usage);
    assert.deepEqual(reading.uses ?? {}, row.uses ?? {});
    const found = catalog.lookup(row.model, row.provider);
    const cost = costOf(reading.usage, found.kind === 'known' ? found.model.price : undefined, {
      serviceTier: row.serviceTier ?? serviceTier ?? 'standard',
      uses: usesOfCall(reading.uses),
      ...(row.at && { atMs: Date.parse(row.at) }),
      ...(reading.doubt && { estimatedBecause: reading.doubt }),
    });
    assert.equal(cost.status, row.status, 'reason' in cost ? cost.reason : '');
    assert.equal('picoUsd' in cost ? cost.picoUsd : undefined, row.picoUsd);
    if (row.working !== undefined) assert.equal(row.picoUsd, worked(row.working));
  });
