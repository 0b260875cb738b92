import type { StatementSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import type { Usage } from '../catalog/usage.ts';
import type { Store } from '../store/store.ts';
import { isJsonObject, type JsonObject, parseJson } from '../wire/json.ts';
import type { JobTotals } from './job.ts';
import type { ItemRecord, JobRecord, NewItem } from './jobRecord.ts';
import { itemOfRow, itemValues, usageOf } from './storedItems.ts';
import { jobOfRow, jobValues, type Values } from './storedRows.ts';
import { totalsOf, totalsSql } from './storedTotals.ts';

/** What changes in a job after it was planned; a field given as undefined is cleared. */
export type JobPatch = Partial<
  Omit<JobRecord, 'id' | 'planId' | 'workspaceId' | 'provider' | 'baseUrl' | 'model' | 'alias' | 'endpoint' | 'demo'>
>;

/** What changes in an item when its line is read. */
export type ItemOutcome = Pick<
  ItemRecord,
  'id' | 'state' | 'error' | 'note' | 'resultPath' | 'usage' | 'costPicoUsd' | 'costStatus'
>;

/** The hash of what was last written to a result file, and for which prompt. */
export interface WrittenResult {
  readonly path: string;
  readonly promptPath: string;
  readonly sha256: string;
}

export interface PlanRecord {
  readonly id: string;
  readonly workspaceId: string;
  readonly createdAtMs: number;
}

/** Plans, jobs and items in the database. Every method is one transaction. */
export interface JobStore {
  /** Items of jobs that are still being planned: in parts, so that nothing else waits long for a large plan. */
  addItems(items: readonly NewItem[]): void;
  addPlan(plan: PlanRecord, jobs: readonly JobRecord[]): void;
  /** Removes items whose plan was never finished. */
  dropItems(jobIds: readonly string[]): void;
  /** As `dropItems`, for those that a killed process left. Not while something is planned. */
  dropStrayItems(): void;
  /** Turns planned jobs into submitting ones, once; later calls change nothing. Undefined = no such plan. */
  submitPlan(planId: string, nowMs: number): readonly JobRecord[] | undefined;
  /** Removes plans that were never submitted; returns the ids of their jobs. */
  dropPlans(createdBeforeMs: number): readonly string[];
  job(id: string): JobRecord | undefined;
  /** Submitted and not yet collected; lost ones are left alone. */
  unfinished(): readonly JobRecord[];
  jobsOf(workspaceId: string): readonly JobRecord[];
  jobsOfPlan(planId: string): readonly JobRecord[];
  /** Jobs of a plan that was not submitted. */
  planned(planId: string): readonly JobRecord[];
  /** Also before it is submitted. */
  firstOfPlan(planId: string): JobRecord | undefined;
  update(id: string, patch: JobPatch): JobRecord;
  item(jobId: string, id: string): ItemRecord | undefined;
  items(jobId: string): readonly ItemRecord[];
  /** The values that made an item's prompt; undefined = it has none. */
  variables(jobId: string, id: string): JsonObject | undefined;
  /** From a position on, without those carried over from earlier jobs. */
  itemsFrom(jobId: string, position: number, limit: number): readonly ItemRecord[];
  totals(jobId: string): JobTotals;
  /** Tokens of each kind over the items that were billed. */
  usage(jobId: string): Usage;
  /** The latest answer to the same request of the same prompt file. */
  answered(
    workspaceId: string,
    digest: string,
    promptPath: string,
    sourceId: string | undefined,
  ): { readonly jobId: string; readonly resultPath: string } | undefined;
  /** By workspace, the most that submitted jobs can still cost; what nothing bounds is left out. Picodollars. */
  moneyUnderWay(): ReadonlyMap<string, bigint>;
  /** Waiting tokens that a provider said it allows of a model. */
  queueLimit(baseUrl: string, model: string): number | undefined;
  rememberQueueLimit(baseUrl: string, model: string, tokens: number, nowMs: number): void;
  pendingItems(jobId: string): readonly ItemRecord[];
  /** The request sets that a job has items of, with where their results are. */
  sets(jobId: string): readonly Pick<ItemRecord, 'promptPath' | 'resultPath'>[];
  /** The first notes of results that are files of their own. */
  itemNotes(jobId: string, limit: number): readonly string[];
  finish(jobId: string, outcomes: readonly ItemOutcome[], written: readonly WrittenResult[], nowMs: number): void;
  /** Makes items pending again. */
  reopen(jobId: string, ids: readonly string[]): void;
  /** Where the results of a request set are, for all its items in the plan. */
  moveResults(planId: string, promptPath: string, resultPath: string, note: string | undefined): void;
  written(path: string): WrittenResult | undefined;
  remember(written: WrittenResult, nowMs: number): void;
  forget(jobId: string): void;
}

const isNotCarried = "(copy_of IS NULL OR copy_of NOT LIKE '@%')";

function moneyOf(jobs: readonly JobRecord[]): ReadonlyMap<string, bigint> {
  const money = new Map<string, bigint>();
  for (const { workspaceId, worstPicoUsd = 0n } of jobs)
    if (worstPicoUsd > 0n) money.set(workspaceId, (money.get(workspaceId) ?? 0n) + worstPicoUsd);
  return money;
}

function insertInto(table: string, values: Values): string {
  const columns = Object.keys(values);
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((column) => `:${column}`).join(', ')})`;
}

/**
 * The jobs of one database. The store must hold `batchSchema`.
 * @param onUpdated told of every job that `update` really changed
 */
export function createJobStore(store: Store, onUpdated: (job: JobRecord) => void = () => undefined): JobStore {
  const { database } = store;
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const jobs = (where: string, ...values: string[]): JobRecord[] =>
    prepared(`SELECT * FROM batch_job WHERE ${where} ORDER BY seq`)
      .all(...values)
      .map(jobOfRow);
  const items = (where: string, ...values: string[]): ItemRecord[] =>
    prepared(`SELECT * FROM batch_item WHERE ${where} ORDER BY position`)
      .all(...values)
      .map(itemOfRow);
  const job = (id: string): JobRecord | undefined => jobs('id = ?', id)[0];
  let itemSql: string | undefined;
  /** Asked for every call under a spending limit. */
  let moneyUnderWay: ReadonlyMap<string, bigint> | undefined;
  const remember = ({ path, promptPath, sha256 }: WrittenResult, nowMs: number): void => {
    prepared(`INSERT INTO batch_result (path, prompt_path, sha256, written_at_ms) VALUES (?, ?, ?, ?)
      ON CONFLICT (path) DO UPDATE SET prompt_path = excluded.prompt_path, sha256 = excluded.sha256,
      written_at_ms = excluded.written_at_ms`).run(path, promptPath, sha256, nowMs);
  };
  const totals = new Map<string, JobTotals>();
  const finishItem = (jobId: string, outcome: ItemOutcome): void => {
    prepared(`UPDATE batch_item SET state = ?, error = ?, note = ?, result_path = ?, usage = ?, cost_pico_usd = ?,
      cost_status = ? WHERE job_id = ? AND id = ?`).run(
      outcome.state,
      outcome.error ?? null,
      outcome.note ?? null,
      outcome.resultPath,
      outcome.usage === undefined ? null : JSON.stringify(outcome.usage),
      outcome.costPicoUsd ?? null,
      outcome.costStatus ?? null,
      jobId,
      outcome.id,
    );
  };
  const remove = (jobId: string): void => {
    totals.delete(jobId);
    moneyUnderWay = undefined;
    prepared('DELETE FROM batch_item WHERE job_id = ?').run(jobId);
    prepared('DELETE FROM batch_item_variables WHERE job_id = ?').run(jobId);
    prepared('DELETE FROM batch_job WHERE id = ?').run(jobId);
  };

  return {
    addItems: (added) =>
      store.transaction(() => {
        for (const item of added) {
          totals.delete(item.jobId);
          const values = itemValues(item);
          // By place: binding 18 values by name takes as long as writing them.
          itemSql ??= insertInto('batch_item', values).replaceAll(/:\w+/g, '?');
          prepared(itemSql).run(...Object.values(values));
          if (item.variables !== undefined)
            prepared('INSERT INTO batch_item_variables (job_id, id, json) VALUES (?, ?, ?)').run(
              item.jobId,
              item.id,
              item.variables,
            );
        }
      }),
    dropItems: (jobIds) =>
      store.transaction(() => {
        for (const id of jobIds) remove(id);
      }),
    dropStrayItems: () => {
      for (const table of ['batch_item', 'batch_item_variables'])
        prepared(`DELETE FROM ${table} WHERE job_id NOT IN (SELECT id FROM batch_job)`).run();
    },
    addPlan: (plan, planned) =>
      store.transaction(() => {
        prepared('INSERT INTO batch_plan (id, workspace_id, created_at_ms) VALUES (?, ?, ?)').run(
          plan.id,
          plan.workspaceId,
          plan.createdAtMs,
        );
        for (const record of planned) {
          const values = jobValues(record);
          prepared(insertInto('batch_job', values)).run(values);
        }
      }),
    submitPlan: (planId, nowMs) =>
      store.transaction(() => {
        const known = prepared('SELECT id FROM batch_plan WHERE id = ?').get(planId);
        if (known === undefined) return undefined;
        moneyUnderWay = undefined;
        prepared('UPDATE batch_plan SET submitted_at_ms = ? WHERE id = ? AND submitted_at_ms IS NULL').run(
          nowMs,
          planId,
        );
        prepared(`UPDATE batch_job SET state = 'submitting', created_at_ms = ?, phase_at_ms = ?
          WHERE plan_id = ? AND state = 'planned'`).run(nowMs, nowMs, planId);
        return jobs('plan_id = ?', planId);
      }),
    dropPlans: (createdBeforeMs) =>
      store.transaction(() => {
        const stale = prepared('SELECT id FROM batch_plan WHERE submitted_at_ms IS NULL AND created_at_ms < ?')
          .all(createdBeforeMs)
          .map(({ id }) => String(id));
        const dropped = stale.flatMap((planId) => jobs('plan_id = ?', planId).map(({ id }) => id));
        for (const id of dropped) remove(id);
        for (const planId of stale) prepared('DELETE FROM batch_plan WHERE id = ?').run(planId);
        return dropped;
      }),
    job,
    unfinished: () => jobs("collected = 0 AND state NOT IN ('planned', 'lost')"),
    jobsOf: (workspaceId) => jobs("workspace_id = ? AND state <> 'planned'", workspaceId),
    planned: (planId) => jobs("plan_id = ? AND state = 'planned'", planId),
    firstOfPlan: (planId) => jobs('plan_id = ?', planId)[0],
    jobsOfPlan: (planId) => jobs("plan_id = ? AND state <> 'planned'", planId),
    update: (id, patch) => {
      const before = job(id);
      if (before === undefined) throw new Error(`batch job ${id} is gone`);
      const after = { ...before, ...patch };
      if (isDeepStrictEqual(before, after)) return before;
      const { id: _, ...values } = jobValues(after);
      const assignments = Object.keys(values).map((column) => `${column} = :${column}`);
      prepared(`UPDATE batch_job SET ${assignments.join(', ')} WHERE id = :id`).run(jobValues(after));
      moneyUnderWay = undefined;
      onUpdated(after);
      return after;
    },
    item: (jobId, id) => items('job_id = ? AND id = ?', jobId, id)[0],
    items: (jobId) => items('job_id = ?', jobId),
    variables: (jobId, id) => {
      const row = prepared('SELECT json FROM batch_item_variables WHERE job_id = ? AND id = ?').get(jobId, id);
      const value = row === undefined ? undefined : parseJson(String(row.json));
      return isJsonObject(value) ? value : undefined;
    },
    itemsFrom: (jobId, position, limit) =>
      prepared(`SELECT * FROM batch_item WHERE job_id = ? AND position >= ? AND ${isNotCarried}
        ORDER BY position LIMIT ?`)
        .all(jobId, position, limit)
        .map(itemOfRow),
    totals: (jobId) => {
      const known = totals.get(jobId) ?? totalsOf(prepared(totalsSql).all(jobId));
      totals.set(jobId, known);
      return known;
    },
    usage: (jobId) => {
      const sums =
        prepared(`SELECT used.key AS kind, SUM(used.value) AS tokens FROM batch_item, json_each(usage) AS used
        WHERE job_id = ? AND usage IS NOT NULL AND copy_of IS NULL GROUP BY used.key`).all(jobId);
      return usageOf(sums.map(({ kind, tokens }) => [String(kind), Number(tokens)]));
    },
    answered: (workspaceId, digest, promptPath, sourceId) => {
      const row = prepared(`SELECT i.job_id, i.result_path FROM batch_item i JOIN batch_job j ON j.id = i.job_id
        WHERE i.digest = ? AND i.state = 'succeeded' AND i.prompt_path = ? AND i.source_id IS ?
        AND j.workspace_id = ? AND j.collected = 1 ORDER BY j.seq DESC LIMIT 1`).get(
        digest,
        promptPath,
        sourceId ?? null,
        workspaceId,
      );
      return row === undefined ? undefined : { jobId: String(row.job_id), resultPath: String(row.result_path) };
    },
    moneyUnderWay: () => {
      moneyUnderWay ??= moneyOf(jobs("collected = 0 AND state NOT IN ('planned', 'lost')"));
      return moneyUnderWay;
    },
    queueLimit: (baseUrl, model) => {
      const row = prepared('SELECT tokens FROM batch_queue_limit WHERE base_url = ? AND model = ?').get(baseUrl, model);
      return row === undefined ? undefined : Number(row.tokens);
    },
    rememberQueueLimit: (baseUrl, model, tokens, nowMs) => {
      prepared(`INSERT INTO batch_queue_limit (base_url, model, tokens, told_at_ms) VALUES (?, ?, ?, ?)
        ON CONFLICT (base_url, model) DO UPDATE SET tokens = excluded.tokens, told_at_ms = excluded.told_at_ms`).run(
        baseUrl,
        model,
        tokens,
        nowMs,
      );
    },
    pendingItems: (jobId) => items("job_id = ? AND state = 'pending'", jobId),
    sets: (jobId) =>
      prepared(`SELECT DISTINCT prompt_path, result_path FROM batch_item
        WHERE job_id = ? AND result_kind = 'rows' AND ${isNotCarried}`)
        .all(jobId)
        .map((row) => ({ promptPath: String(row.prompt_path), resultPath: String(row.result_path) })),
    itemNotes: (jobId, limit) =>
      prepared(`SELECT note FROM batch_item WHERE job_id = ? AND result_kind <> 'rows' AND note IS NOT NULL
        ORDER BY position LIMIT ?`)
        .all(jobId, limit)
        .map(({ note }) => String(note)),
    finish: (jobId, outcomes, written, nowMs) =>
      store.transaction(() => {
        totals.delete(jobId);
        for (const outcome of outcomes) finishItem(jobId, outcome);
        for (const result of written) remember(result, nowMs);
      }),
    reopen: (jobId, ids) =>
      store.transaction(() => {
        totals.delete(jobId);
        for (const id of ids)
          prepared("UPDATE batch_item SET state = 'pending', error = NULL WHERE job_id = ? AND id = ?").run(jobId, id);
      }),
    moveResults: (planId, promptPath, resultPath, note) => {
      prepared(`UPDATE batch_item SET result_path = ?, note = ? WHERE prompt_path = ?
        AND job_id IN (SELECT id FROM batch_job WHERE plan_id = ?)`).run(resultPath, note ?? null, promptPath, planId);
    },
    written: (path) => {
      const row = prepared('SELECT path, prompt_path, sha256 FROM batch_result WHERE path = ?').get(path);
      if (row === undefined) return undefined;
      return { path: String(row.path), promptPath: String(row.prompt_path), sha256: String(row.sha256) };
    },
    remember,
    forget: (jobId) => store.transaction(() => remove(jobId)),
  };
}
