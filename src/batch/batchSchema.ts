import type { Schema } from '../store/store.ts';

/**
 * A planned job has its rows and its input file already; submitting it is one change of `state`.
 * `phase` tells how far submission came: with `creating` on disk the provider may have the batch although we hold no id
 * of it, and is asked before anything is sent again.
 * `spent_batch_ids`: batches of this job that ran nothing, because the provider's queue was full.
 */
const first = `
CREATE TABLE batch_plan (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  submitted_at_ms INTEGER
) STRICT;
CREATE TABLE batch_job (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  plan_id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  base_url TEXT NOT NULL,
  model TEXT NOT NULL,
  alias TEXT,
  endpoint TEXT NOT NULL,
  demo INTEGER NOT NULL,
  state TEXT NOT NULL,
  phase TEXT NOT NULL,
  phase_at_ms INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  input_file_id TEXT,
  provider_batch_id TEXT,
  output_file_id TEXT,
  error_file_id TEXT,
  spent_batch_ids TEXT NOT NULL,
  count_total INTEGER,
  count_completed INTEGER,
  count_failed INTEGER,
  estimated_pico_usd INTEGER,
  problem TEXT,
  notes TEXT NOT NULL,
  cancel_requested INTEGER NOT NULL,
  collected INTEGER NOT NULL
) STRICT;
CREATE INDEX batch_job_plan ON batch_job (plan_id);
CREATE INDEX batch_job_workspace ON batch_job (workspace_id, seq);
CREATE TABLE batch_item (
  job_id TEXT NOT NULL,
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  prompt_path TEXT NOT NULL,
  result_path TEXT NOT NULL,
  result_kind TEXT NOT NULL,
  source_id TEXT,
  source_line INTEGER,
  model_requested TEXT NOT NULL,
  alias TEXT,
  state TEXT NOT NULL,
  error TEXT,
  note TEXT,
  usage TEXT,
  cost_pico_usd INTEGER,
  cost_status TEXT,
  PRIMARY KEY (job_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE batch_result (
  path TEXT PRIMARY KEY,
  prompt_path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  written_at_ms INTEGER NOT NULL
) STRICT;
`;

/**
 * `seen_batch_ids`: batches that were at the provider before this one was created, where batches bear no mark of ours;
 * `unconfirmed`: the batch may be another one, as long as it runs. `digest`: what an item asks; `copy_of`: an item of the
 * same job that asks the same and is sent for both, or `@` and the job that answered it before.
 */
const second = `
ALTER TABLE batch_job ADD COLUMN seen_batch_ids TEXT NOT NULL DEFAULT '[]';
ALTER TABLE batch_job ADD COLUMN unconfirmed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batch_job ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batch_job ADD COLUMN input_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batch_job ADD COLUMN billed_input_tokens INTEGER;
ALTER TABLE batch_job ADD COLUMN billed_output_tokens INTEGER;
ALTER TABLE batch_job ADD COLUMN expiry_warned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batch_item ADD COLUMN digest TEXT;
ALTER TABLE batch_item ADD COLUMN copy_of TEXT;
UPDATE batch_job SET size = (SELECT COUNT(*) FROM batch_item WHERE job_id = batch_job.id);
CREATE INDEX batch_item_digest ON batch_item (digest) WHERE digest IS NOT NULL;
CREATE TABLE batch_queue_limit (
  base_url TEXT NOT NULL,
  model TEXT NOT NULL,
  tokens INTEGER NOT NULL,
  told_at_ms INTEGER NOT NULL,
  PRIMARY KEY (base_url, model)
) STRICT, WITHOUT ROWID;
`;

/** Pages of a job's items. */
const third = 'CREATE INDEX batch_item_position ON batch_item (job_id, position)';

/** Money as decimal text: a worst case may pass what a number holds exactly. */
const fourth = `
ALTER TABLE batch_job ADD COLUMN worst_pico_usd TEXT;
ALTER TABLE batch_job ADD COLUMN try_pico_usd TEXT;
ALTER TABLE batch_job ADD COLUMN unpriced INTEGER NOT NULL DEFAULT 0;
`;

/** The values that made an item's prompt: beside the items, which are read much more often. */
const fifth = `
CREATE TABLE batch_item_variables (
  job_id TEXT NOT NULL,
  id TEXT NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (job_id, id)
) STRICT, WITHOUT ROWID;
`;

/** Plans, jobs, items, and what was written where (to tell an edited result from our own). */
export const batchSchema: Schema = { name: 'batch', migrations: [first, second, third, fourth, fifth] };
