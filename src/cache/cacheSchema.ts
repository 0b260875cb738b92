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
    // Vectors: see vectors/vectorBytes.ts. A judgement has the texts of its pair only while questions may be kept.
    `CREATE TABLE cache_vector (
      key TEXT PRIMARY KEY,
      scope TEXT NOT NULL,
      embedder TEXT NOT NULL,
      vector BLOB NOT NULL
    ) STRICT;
    CREATE INDEX cache_vector_scope ON cache_vector (scope);
    CREATE TRIGGER cache_entry_removed AFTER DELETE ON cache_entry BEGIN
      DELETE FROM cache_vector WHERE key = OLD.key;
    END;
    CREATE TABLE cache_judgement (
      id TEXT PRIMARY KEY,
      workspace_id TEXT NOT NULL,
      route TEXT,
      pair TEXT NOT NULL,
      kind TEXT NOT NULL,
      served INTEGER NOT NULL,
      embedder TEXT,
      similarity REAL,
      verdict TEXT NOT NULL,
      asked TEXT,
      matched TEXT,
      judged_at_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX cache_judgement_workspace ON cache_judgement (workspace_id, judged_at_ms);`,
  ],
};
