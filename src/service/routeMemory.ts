import * as z from 'zod';
import type { QualityMemory, QualityRecord } from '../routing/createRouteQuality.ts';
import { tierFaults } from '../routing/outcomeWindow.ts';
import type { Schema, Store } from '../store/store.ts';
import { parseJson } from '../wire/json.ts';
import { describeError, type Log } from './log.ts';

/** How tiers did and where guards have put routes: one JSON document each. */
export const routeSchema: Schema = {
  name: 'route',
  migrations: [
    `CREATE TABLE route_quality (
      key TEXT PRIMARY KEY,
      record TEXT NOT NULL,
      saved_at_ms INTEGER NOT NULL
    ) STRICT;`,
  ],
};

export interface RouteMemory extends QualityMemory {
  flush(): void;
  /** Writes what is waiting. */
  close(): void;
}

export interface RouteMemoryDeps {
  readonly store: Store;
  readonly now: () => number;
  readonly log: Pick<Log, 'warn'>;
}

/** A crash forgets this much at most. */
const writeAfterMs = 500;
/** Longer than any window: routes and tiers that are gone. */
const keptMs = 30 * 86_400_000;

const count = z.int().min(0);
const window = z.object({
  windowMs: z.number().positive(),
  buckets: z.array(
    z.object({ at: z.int(), calls: count, failed: count, faults: z.partialRecord(z.enum(tierFaults), count) }),
  ),
});
const named = { workspaceId: z.string(), rule: z.string() };
const record = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tier'), ...named, alias: z.string(), window }),
  z.object({
    kind: z.literal('guard'),
    ...named,
    state: z.object({
      up: count,
      sinceMs: z.number(),
      seen: window,
      probeAtMs: z.number(),
      waitMs: z.number(),
      probe: z.object({ calls: count, failed: count }),
    }),
  }),
]);

/** Keeps the quality of tiers in the database. What cannot be written is told to the log and tried again with the next. */
export function createRouteMemory({ store, now, log }: RouteMemoryDeps): RouteMemory {
  const waiting = new Map<string, QualityRecord>();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.size === 0) return;
    try {
      store.transaction(() => {
        const put = store.database.prepare(
          'INSERT INTO route_quality (key, record, saved_at_ms) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET record = excluded.record, saved_at_ms = excluded.saved_at_ms',
        );
        for (const [key, one] of waiting) put.run(key, JSON.stringify(one), now());
      });
      waiting.clear();
    } catch (error) {
      log.warn('the figures of routes were not written', { error: describeError(error) });
    }
  };
  return {
    load() {
      store.database.prepare('DELETE FROM route_quality WHERE saved_at_ms < ?').run(now() - keptMs);
      const rows = store.database.prepare('SELECT record FROM route_quality').all();
      return rows.flatMap((row) => {
        const parsed = record.safeParse(parseJson(String(row.record)));
        if (!parsed.success) log.warn('a record of a route was not understood');
        return parsed.success ? [parsed.data] : [];
      });
    },
    save(one) {
      const key = [one.workspaceId, one.kind, one.rule, one.kind === 'tier' ? one.alias : ''].join('\n');
      waiting.set(key, one);
      timer ??= setTimeout(flush, writeAfterMs).unref();
    },
    flush,
    close: flush,
  };
}
