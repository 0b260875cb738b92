import * as z from 'zod';
import type { CacheEntry } from '../entry.ts';
import type { Neighbour } from '../vectors/vectorIndex.ts';
import type { RedisKeys } from './redisKeys.ts';
import type { CommandPart } from './redisLink.ts';
import type { SharedEntry } from './sharedEntry.ts';

type Command = readonly CommandPart[];
type Ask = (command: Command) => Promise<unknown>;

/** Entries remembered of one wording. */
const kept = 8;

export function putCommands(keys: RedisKeys, entry: CacheEntry, text: string): Command[] {
  const { key, workspaceId, wordingKey, place, createdAtMs, expiresAtMs } = entry;
  const until = String(expiresAtMs);
  const made = String(createdAtMs);
  const commands: Command[] = [
    ['SET', keys.entry(key), text, 'PXAT', until],
    ['ZADD', keys.workspace(workspaceId), made, key],
    ['ZADD', keys.expiry, until, JSON.stringify([workspaceId, key, place?.scope ?? null])],
  ];
  if (wordingKey !== undefined) {
    const set = keys.wording(wordingKey);
    commands.push(['ZADD', set, made, key], ['ZREMRANGEBYRANK', set, '0', String(-1 - kept)], ...lives(set, until));
  }
  if (place !== undefined) {
    const set = keys.vectors(place.scope);
    const attributes = JSON.stringify({ exp: Math.floor(expiresAtMs / 1000) });
    commands.push(['VADD', set, 'FP32', bytesOf(place.vector), key, 'Q8', 'SETATTR', attributes], ...lives(set, until));
  }
  return commands;
}

/** A set lives as long as the last of its elements. */
function lives(set: string, until: string): Command[] {
  return [
    ['PEXPIREAT', set, until, 'NX'],
    ['PEXPIREAT', set, until, 'GT'],
  ];
}

export function removeCommands(keys: RedisKeys, { entry, vectorScope }: SharedEntry): Command[] {
  const { key, workspaceId, wordingKey } = entry;
  return [
    ['DEL', keys.entry(key)],
    ...takeOut(keys, workspaceId, key, vectorScope),
    ...(wordingKey === undefined ? [] : [['ZREM', keys.wording(wordingKey), key]]),
  ];
}

/** Leaves the answer, for the identical request. */
export function forgetCommands(keys: RedisKeys, { entry, vectorScope }: SharedEntry): Command[] {
  const { wordingKey, question: _question, answer, ...rest } = entry;
  const text = JSON.stringify({ ...rest, answer: JSON.stringify(answer) });
  return [
    ['SET', keys.entry(entry.key), text, 'XX', 'KEEPTTL'],
    ...(vectorScope === undefined ? [] : [['VREM', keys.vectors(vectorScope), entry.key]]),
    ...(wordingKey === undefined ? [] : [['ZREM', keys.wording(wordingKey), entry.key]]),
  ];
}

function takeOut(keys: RedisKeys, workspaceId: string, key: string, scope: string | null | undefined): Command[] {
  return [
    ['ZREM', keys.workspace(workspaceId), key],
    ['ZREM', keys.hits, key],
    ...(scope === null || scope === undefined ? [] : [['VREM', keys.vectors(scope), key]]),
  ];
}

const expired = z.tuple([z.string(), z.string(), z.string().nullable()]);
const sweptAtOnce = 500;
const sweepHeldMs = 30_000;

/**
 * Takes expired entries out of the sets they are in; their own keys go by themselves. One of the team does it at a time.
 * Returns how many.
 */
export async function sweepExpired(keys: RedisKeys, ask: Ask, nowMs: number): Promise<number> {
  if ((await ask(['SET', keys.sweeping, '1', 'NX', 'PX', String(sweepHeldMs)])) !== 'OK') return 0;
  let removed = 0;
  for (;;) {
    const range = ['ZRANGE', keys.expiry, '-inf', String(nowMs), 'BYSCORE', 'LIMIT', '0', String(sweptAtOnce)];
    const members = texts(await ask(range));
    if (members.length === 0) break;
    const commands = members.flatMap((member) => {
      const parsed = expired.safeParse(JSON.parse(member));
      return parsed.success ? takeOut(keys, ...parsed.data) : [];
    });
    // An entry that was stored anew has a later time of its own, and an element that is not expired: it stays.
    const answers = await Promise.all([...commands, ['ZREM', keys.expiry, ...members]].map(ask));
    if (answers.at(-1) === undefined) break;
    removed += members.length;
  }
  await ask(['DEL', keys.sweeping]);
  return removed;
}

export function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The texts of an array reply; none of any other reply. */
export function texts(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.filter((item) => typeof item === 'string') : [];
}

/** VSIM's score is (1 + cosine) / 2. */
export function neighboursOf(reply: unknown): Neighbour[] {
  const flat = texts(reply);
  return flat.flatMap((key, index) => {
    const score = index % 2 === 0 ? Number(flat[index + 1]) * 2 - 1 : Number.NaN;
    return Number.isNaN(score) ? [] : [{ key, score }];
  });
}
