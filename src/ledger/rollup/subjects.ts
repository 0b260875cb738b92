import type { DatabaseSync } from 'node:sqlite';
import type { CallRow } from '../rows.ts';

/** Who and what calls are for. A property that nobody named is undefined. */
export interface Subject {
  readonly workspaceId: string;
  readonly user: string | undefined;
  /** `openai/gpt-4o` */
  readonly model: string | undefined;
  readonly feature: string | undefined;
  readonly branch: string | undefined;
  readonly callSite: string | undefined;
}

/** The ids of what (all but the user) and of whom a call or an attempt counts under. */
export interface SubjectIds {
  readonly topic: number;
  readonly user: number;
}

export interface Subjects {
  /** Writes what is not there yet: to be called within the transaction that writes the rows. */
  idsOf(subject: Subject): SubjectIds;
  /** The transaction was given up: ids made in it are gone. */
  forget(): void;
}

/** What is remembered in memory of what is on disk. */
const mostRemembered = 20_000;

const find = `SELECT id FROM ledger_subject WHERE workspace_id = ? AND shape = ?
  AND user_pseudonym IS ? AND model IS ? AND feature IS ? AND branch IS ? AND call_site IS ?`;

const insert = `INSERT INTO ledger_subject (workspace_id, shape, user_pseudonym, model, feature, branch, call_site)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;

/** The call's subject, for what counts under `model`. */
export function subjectOf(call: CallRow, model: string | undefined): Subject {
  return {
    workspaceId: call.workspaceId,
    user: named(call.userPseudonym),
    model: named(model),
    feature: named(call.feature),
    branch: named(call.branch),
    callSite: named(call.callSite),
  };
}

function named(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** Numbers for subjects, made as they are met. */
export function createSubjects(database: DatabaseSync): Subjects {
  const findStatement = database.prepare(find);
  const insertStatement = database.prepare(insert);
  const known = new Map<string, SubjectIds>();

  const idOf = (
    shape: keyof SubjectIds,
    { workspaceId, user, model, feature, branch, callSite }: Partial<Subject>,
  ): number => {
    const values = [workspaceId, shape, user, model, feature, branch, callSite].map((value) => value ?? null);
    const found = findStatement.get(...values);
    return Number(found === undefined ? insertStatement.run(...values).lastInsertRowid : found.id);
  };

  return {
    idsOf: (subject) => {
      const { workspaceId, user, model, feature, branch, callSite } = subject;
      const key = JSON.stringify([workspaceId, user, model, feature, branch, callSite]);
      const remembered = known.get(key);
      if (remembered !== undefined) return remembered;
      const ids = {
        topic: idOf('topic', { workspaceId, model, feature, branch, callSite }),
        user: idOf('user', { workspaceId, user }),
      };
      if (known.size >= mostRemembered) known.clear();
      known.set(key, ids);
      return ids;
    },
    forget: () => known.clear(),
  };
}
