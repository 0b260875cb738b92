// A semantic look-up in a team's Redis 8, as a call does it: nearest question, then its entry. ENTRIES=100000 by default.
import { createHash } from 'node:crypto';
import { ensureRedis } from '../../scripts/redis.ts';
import type { CacheClock } from '../../src/cache/entryStore.ts';
import { createRedisEntryStore } from '../../src/cache/redis/createRedisEntryStore.ts';
import { openRedisClient } from '../../src/cache/redis/openRedisClient.ts';
import { createRedisLink } from '../../src/cache/redis/redisLink.ts';
import { freePort, startRedis } from '../support/redisServer.ts';

const entries = Number(process.env.ENTRIES ?? 100_000);
const dimensions = 384;
const queries = 500;

const program = ensureRedis();
if (typeof program === 'string') throw new Error(program);
const clock: CacheClock = {
  now: Date.now,
  startTimer: (ms, fire) => {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
};
const server = await startRedis(program, await freePort());
const connection = await openRedisClient(server.url);
const problems: string[] = [];
const onProblem = (message: string): void => void problems.push(message);
const link = createRedisLink({ connection, name: 'bench', clock, onProblem, onRecovered: onProblem });
while (!link.isUsable()) await new Promise((done) => setTimeout(done, 10));
const store = createRedisEntryStore({ link, prefix: 'bench', clock });

/** Seeded by its number, so that a query can be made beside any entry. */
function vectorOf(number: number, noise = 0): Float32Array {
  let state = (number + 1) * 2_654_435_761;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000 - 0.5;
  };
  const vector = Float32Array.from({ length: dimensions }, () => next() + next() + next());
  for (let n = 0; n < dimensions; n++) vector[n] = (vector[n] ?? 0) + noise * next();
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

const keyOf = (number: number): string => createHash('sha256').update(String(number)).digest('base64url');
const expiresAtMs = Date.now() + 86_400_000;
const startedAt = performance.now();
for (let number = 0; number < entries; number++) {
  const key = keyOf(number);
  store.put(
    {
      key,
      wordingKey: `w${key}`,
      question: `Question number ${number}?`,
      place: { scope: 'scope', embedder: 'bench', vector: vectorOf(number) },
      workspaceId: 'w',
      provider: 'openai',
      model: 'gpt-4o-mini',
      answer: { endpoint: 'chat.completions', json: '{"choices":[]}', model: 'm', finish: 'stop', usage: {} },
      createdAtMs: Date.now(),
      expiresAtMs,
    },
    1_000_000,
  );
  if (number % 200 === 199) await link.ask(['PING'], 600_000);
}
const putMs = (performance.now() - startedAt) / entries;

const times: number[] = [];
let found = 0;
for (let n = 0; n < queries; n++) {
  const number = (n * 7919) % entries;
  const query = vectorOf(number, 0.1);
  // Without the limit of a call: on a loaded machine, what is given up would count as quick.
  const start = performance.now();
  const [best] = await store.nearest('scope', query, 0.9, 8);
  const entry = best === undefined ? undefined : await store.get(best.key);
  times.push(performance.now() - start);
  if (entry?.key === keyOf(number)) found++;
}
times.sort((a, b) => a - b);
const at = (share: number): string => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(2);
console.log(`${entries} entries of ${dimensions} dimensions, stored in ${putMs.toFixed(2)} ms each`);
console.log(
  `look-up and entry: p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms; right neighbour ${found} of ${queries}`,
);
const stats = String(await link.ask(['INFO', 'commandstats'], 600_000));
const cpu = /cmdstat_vsim:.*usec_per_call=([\d.]+)/i.exec(stats)?.[1];
console.log(`within Redis: ${(Number(cpu) / 1000).toFixed(2)} ms for each VSIM`);
if (problems.length > 0) console.log(problems.join('\n'));
link.close();
await server.kill();
