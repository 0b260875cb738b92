import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { answerModel } from '../callColumns.ts';
import type { CallWithAttempts } from '../ledger.ts';
import { addAttempt, addCall, addSums, type CellSums, columnValues, noSums, sumColumns } from './cellSums.ts';
import { createSubjects, subjectOf } from './subjects.ts';

export const hourMs = 3_600_000;
export const hoursPerDay = 24;

const add = (table: string, columns: readonly string[]): string => `
INSERT INTO ${table} (${[...columns, ...sumColumns].join(', ')})
VALUES (${[...columns, ...sumColumns].map(() => '?').join(', ')})
ON CONFLICT (${columns.join(', ')}) DO UPDATE SET ${sumColumns.map((column) => `${column} = ${column} + excluded.${column}`).join(', ')}`;

/** Keeps the sums beside the rows. Every function is to be called within the transaction that writes the rows. */
export interface Rollup {
  /** The topic that the call's row refers to. */
  topicOf(entry: CallWithAttempts): number;
  /** Adds calls that were new, with the attempts that were. */
  add(entries: readonly CallWithAttempts[]): void;
  /** The transaction was given up. */
  forget(): void;
}

/** What one transaction adds to a table, by the text of the cell's key. */
type Cells = Map<string, { readonly key: readonly number[]; readonly sums: CellSums }>;

export function createRollup(database: DatabaseSync): Rollup {
  const subjects = createSubjects(database);
  const intoHour = database.prepare(add('ledger_hour', ['hour', 'subject']));
  const intoDay = database.prepare(add('ledger_day', ['subject', 'day']));
  const intoPairHour = database.prepare(add('ledger_pair_hour', ['hour', 'topic', 'user']));
  const intoPairDay = database.prepare(add('ledger_pair_day', ['topic', 'day', 'user']));

  const pairsOf = (entries: readonly CallWithAttempts[]): Cells => {
    const pairs: Cells = new Map();
    for (const { call, attempts } of entries) {
      const hour = Math.floor(Math.round(call.startedAtMs) / hourMs);
      const cellOf = (model: string | undefined): CellSums => {
        const { topic, user } = subjects.idsOf(subjectOf(call, model));
        return sumsAt(pairs, [hour, topic, user]);
      };
      addCall(cellOf(answerModel(call, attempts)), call);
      for (const attempt of attempts) addAttempt(cellOf(`${attempt.provider}/${attempt.model}`), attempt);
    }
    return pairs;
  };

  return {
    topicOf: ({ call, attempts }) => subjects.idsOf(subjectOf(call, answerModel(call, attempts))).topic,
    add: (entries) => {
      const pairHours = pairsOf(entries);
      const [hours, days, pairDays]: [Cells, Cells, Cells] = [new Map(), new Map(), new Map()];
      for (const { key, sums } of pairHours.values()) {
        const [hour = 0, topic = 0, user = 0] = key;
        const day = Math.floor(hour / hoursPerDay);
        addSums(sumsAt(pairDays, [topic, day, user]), sums);
        for (const subject of [topic, user]) {
          addSums(sumsAt(hours, [hour, subject]), sums);
          addSums(sumsAt(days, [subject, day]), sums);
        }
      }
      write(hours, intoHour);
      write(days, intoDay);
      write(pairHours, intoPairHour);
      write(pairDays, intoPairDay);
    },
    forget: subjects.forget,
  };
}

function write(cells: Cells, statement: StatementSync): void {
  for (const { key, sums } of cells.values()) statement.run(...key, ...columnValues(sums));
}

function sumsAt(cells: Cells, key: readonly number[]): CellSums {
  const name = key.join(' ');
  const found = cells.get(name);
  if (found !== undefined) return found.sums;
  const sums = noSums();
  cells.set(name, { key, sums });
  return sums;
}
