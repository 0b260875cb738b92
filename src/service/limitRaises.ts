import * as z from 'zod';
import type { SpendingLimit } from '../config/config.ts';
import type { Schema, Store } from '../store/store.ts';

/** What the user has let a limit be until the end of a day. */
export const raiseSchema: Schema = {
  name: 'limit_raise',
  migrations: [
    `CREATE TABLE limit_raise (
      key TEXT PRIMARY KEY,
      to_usd REAL NOT NULL,
      until_ms INTEGER NOT NULL
    ) STRICT;`,
  ],
};

export type LimitName = Pick<SpendingLimit, 'scope' | 'window' | 'limitUsd'>;

export interface LimitRaises {
  /** What a limit is raised to now; undefined = it is as configured. */
  raisedUsd(workspaceId: string, limit: LimitName): number | undefined;
  raise(workspaceId: string, limit: LimitName, toUsd: number, untilMs: number): void;
}

const row = z.object({ key: z.string(), to_usd: z.number(), until_ms: z.number() });

/** A limit that is configured anew is another one: what it was raised to does not hold for it. */
export function createLimitRaises({ database }: Store, now: () => number): LimitRaises {
  database.prepare('DELETE FROM limit_raise WHERE until_ms <= ?').run(now());
  const rows = database.prepare('SELECT key, to_usd, until_ms FROM limit_raise').all();
  const raises = new Map(
    rows.map((one) => {
      const { key, to_usd: toUsd, until_ms: untilMs } = row.parse(one);
      return [key, { toUsd, untilMs }];
    }),
  );
  const write = database.prepare(
    'INSERT INTO limit_raise (key, to_usd, until_ms) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET to_usd = excluded.to_usd, until_ms = excluded.until_ms',
  );
  return {
    raisedUsd(workspaceId, limit) {
      if (raises.size === 0) return undefined;
      const raise = raises.get(keyOf(workspaceId, limit));
      return raise === undefined || raise.untilMs <= now() ? undefined : raise.toUsd;
    },
    raise(workspaceId, limit, toUsd, untilMs) {
      const key = keyOf(workspaceId, limit);
      raises.set(key, { toUsd, untilMs });
      write.run(key, toUsd, untilMs);
    },
  };
}

/** A limit of a user counts over all workspaces, and is raised in all of them. */
function keyOf(workspaceId: string, { scope, window, limitUsd }: LimitName): string {
  const isUsers = scope === 'user' || scope.startsWith('user:');
  return JSON.stringify([isUsers ? '' : workspaceId, scope, window, limitUsd]);
}
