import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { CachedPair, JudgedPair, Verdict } from './cachedPair.ts';

const rowSchema = z.object({
  id: z.string(),
  route: z.string().nullable(),
  kind: z.enum(['exact', 'wording', 'semantic']),
  served: z.number(),
  embedder: z.string().nullable(),
  similarity: z.number().nullable(),
  verdict: z.enum(['right', 'wrong']),
  asked: z.string().nullable(),
  matched: z.string().nullable(),
  judged_at_ms: z.number(),
});
const vetoSchema = z.object({ workspace_id: z.string(), pair: z.string() });

export interface Judgement {
  readonly pair: CachedPair;
  readonly digest: string;
  readonly verdict: Verdict;
  readonly atMs: number;
  /** Questions may be on disk. */
  readonly withTexts: boolean;
}

/** What people have said about served answers: digests and figures, and the texts while questions may be kept. Throws SQLite's errors. */
export class JudgementTable {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  put({ pair, digest, verdict, atMs, withTexts }: Judgement): void {
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO cache_judgement
         (id, workspace_id, route, pair, kind, served, embedder, similarity, verdict, asked, matched, judged_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        pair.id,
        pair.workspaceId,
        pair.route ?? null,
        digest,
        pair.kind,
        pair.served ? 1 : 0,
        pair.embedder ?? null,
        pair.similarity ?? null,
        verdict,
        withTexts ? (pair.asked ?? null) : null,
        withTexts ? (pair.matched ?? null) : null,
        atMs,
      );
  }

  /** Newest first. */
  list(workspaceId: string): JudgedPair[] {
    const rows = this.#database
      .prepare('SELECT * FROM cache_judgement WHERE workspace_id = ? ORDER BY judged_at_ms DESC')
      .all(workspaceId);
    return z
      .array(rowSchema)
      .parse(rows)
      .map((row) => ({
        id: row.id,
        ...(row.route === null ? {} : { route: row.route }),
        kind: row.kind,
        served: row.served === 1,
        ...(row.embedder === null ? {} : { embedder: row.embedder }),
        ...(row.similarity === null ? {} : { similarity: row.similarity }),
        verdict: row.verdict,
        ...(row.asked === null ? {} : { asked: row.asked }),
        ...(row.matched === null ? {} : { matched: row.matched }),
        judgedAtMs: row.judged_at_ms,
      }));
  }

  /** Pairs of other wording that were judged wrong. */
  vetoes(): (readonly [workspaceId: string, pair: string])[] {
    const rows = this.#database
      .prepare(`SELECT workspace_id, pair FROM cache_judgement WHERE verdict = 'wrong' AND kind <> 'exact'`)
      .all();
    return z
      .array(vetoSchema)
      .parse(rows)
      .map((row) => [row.workspace_id, row.pair]);
  }

  /** @param workspaceId undefined = of all */
  forgetTexts(workspaceId: string | undefined): void {
    this.#database
      .prepare(
        'UPDATE cache_judgement SET asked = NULL, matched = NULL WHERE (?1 IS NULL OR workspace_id = ?1) AND asked IS NOT NULL',
      )
      .run(workspaceId ?? null);
  }
}
