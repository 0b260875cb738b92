import type { Schema } from '../store/store.ts';
import { rollupMigration } from './rollup/rollupSchema.ts';

/**
 * Money is integer picodollars. Attempts repeat the workspace and start of their call, so that sums need no join;
 * `answer_model` is the model a call counts under.
 */
const first = `
CREATE TABLE ledger_call (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  workspace_id TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER NOT NULL,
  endpoint TEXT NOT NULL,
  stream INTEGER NOT NULL,
  metered INTEGER NOT NULL,
  model_requested TEXT,
  alias TEXT,
  model TEXT,
  answer_model TEXT,
  route TEXT,
  cache TEXT NOT NULL,
  cache_reason TEXT,
  saved_pico_usd INTEGER,
  status INTEGER NOT NULL,
  error_class TEXT,
  user_pseudonym TEXT,
  feature TEXT,
  tags TEXT,
  session TEXT,
  branch TEXT,
  commit_id TEXT,
  call_site TEXT,
  client TEXT,
  overhead_ms REAL NOT NULL
) STRICT;
CREATE INDEX ledger_call_time ON ledger_call (workspace_id, started_at_ms);
CREATE TABLE ledger_attempt (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  call_id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  call_started_at_ms INTEGER NOT NULL,
  feature TEXT,
  attempt_index INTEGER NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  demo INTEGER NOT NULL,
  service_tier TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  first_byte_at_ms INTEGER,
  ended_at_ms INTEGER NOT NULL,
  status INTEGER NOT NULL,
  error_class TEXT,
  finish_reason TEXT,
  input INTEGER NOT NULL,
  cache_read INTEGER NOT NULL,
  cache_write_5m INTEGER NOT NULL,
  cache_write_1h INTEGER NOT NULL,
  output INTEGER NOT NULL,
  reasoning INTEGER NOT NULL,
  input_audio INTEGER NOT NULL,
  output_audio INTEGER NOT NULL,
  usage_raw TEXT,
  cost_status TEXT NOT NULL,
  cost_reason TEXT,
  cost_pico_usd INTEGER,
  price_id TEXT
) STRICT;
CREATE UNIQUE INDEX ledger_attempt_call ON ledger_attempt (call_id, attempt_index);
CREATE INDEX ledger_attempt_time ON ledger_attempt (workspace_id, call_started_at_ms);
`;

/** Image tokens have prices of their own at some models. */
const imageTokens = `
ALTER TABLE ledger_attempt ADD COLUMN input_image INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger_attempt ADD COLUMN output_image INTEGER NOT NULL DEFAULT 0;
`;

/** The last comparison with each provider's own numbers. */
const reconciliations = `
CREATE TABLE ledger_reconciliation (
  provider TEXT PRIMARY KEY,
  made_at_ms INTEGER NOT NULL,
  report TEXT NOT NULL
) STRICT;
`;

/** Limits count runs of tests, and what is not priced at what it may have cost. */
const limitColumns = `
ALTER TABLE ledger_call ADD COLUMN test_run TEXT;
ALTER TABLE ledger_call ADD COLUMN uncosted_pico_usd INTEGER;
`;

/** The ledger's tables; calls and attempts are append-only. */
export const ledgerSchema: Schema = {
  name: 'ledger',
  migrations: [first, imageTokens, reconciliations, limitColumns, rollupMigration],
};
