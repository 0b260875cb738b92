import type { Schema } from '../store/store.ts';

/** Kept answers. Times are milliseconds since 1970; `answer` is a StoredAnswer as JSON. */
export const cacheSchema: Schema = {
  name: 'cache',
  migrations: [
    `CREATE TABLE cache_entry (
      key TEXT PRIMARY KEY,
      wording_key TEXT,
      question TEXT,
      workspace_id TEXT NOT NULL,
      session TEXT,
      provider TEXT NOT NULL,
      model TEXT NOT NULL,
      answer TEXT NOT NULL,
      cost_pico_usd INTEGER,
      bytes INTEGER NOT NULL,
      created_at_ms INTEGER NOT NULL,
      expires_at_ms INTEGER NOT NULL,
      used_at_ms INTEGER NOT NULL,
      hits INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX cache_entry_wording ON cache_entry (wording_key, created_at_ms) WHERE wording_key IS NOT NULL;
    CREATE INDEX cache_entry_expiry ON cache_entry (expires_at_ms);
    CREATE INDEX cache_entry_used ON cache_entry (workspace_id, used_at_ms);`,
  ],
};
