import type { SQLOutputValue } from 'node:sqlite';

/** What is bound to a statement. */
export type ColumnValue = string | number | null;

/** What a statement returns. */
export type DatabaseRow = Readonly<Record<string, SQLOutputValue>>;

/** The column as text; undefined for NULL. */
export function text(row: DatabaseRow, column: string): string | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : String(value);
}

/** The column as a number; undefined for NULL. */
export function numeric(row: DatabaseRow, column: string): number | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : Number(value);
}

/** `{ [key]: value }`, or nothing where there is no value: for exact optional properties. */
export function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  const object: { [P in K]?: V } = {};
  if (value !== undefined) object[key] = value;
  return object;
}
