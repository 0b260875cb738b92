import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';

/** A field that has no counterpart in the other dialect, and without which the answer would be another one. */
export interface TranslationProblem {
  /** As `messages.2.content.0.source`. */
  readonly field: string;
  /** Ends the sentence "The field … cannot be sent: it". */
  readonly reason: string;
}

/** What is found while a body is translated. */
export class Findings {
  readonly #dropped = new Set<string>();
  #problem: TranslationProblem | undefined;

  /** Left out, harmlessly. Indexes are not told: a field is dropped wherever it stands. */
  drop(path: string): void {
    this.#dropped.add(path.replaceAll(/\.\d+(?=\.|$)/g, ''));
  }

  /** The first one counts. */
  refuse(field: string, reason: string): void {
    this.#problem ??= { field, reason };
  }

  get dropped(): readonly string[] {
    return [...this.#dropped];
  }

  get problem(): TranslationProblem | undefined {
    return this.#problem;
  }
}

const unknown = 'has no counterpart there';

/**
 * One object of a body while it is read. Whatever nobody has taken when `end` is called is refused by name, so that a
 * field nobody thought of is never lost. A null says nothing.
 */
export class Fields {
  readonly #object: JsonObject;
  readonly #taken = new Set<string>();
  readonly path: string;
  readonly findings: Findings;

  constructor(object: JsonObject, path: string, findings: Findings) {
    this.#object = object;
    this.path = path;
    this.findings = findings;
  }

  at(key: string | number): string {
    return this.path === '' ? String(key) : `${this.path}.${key}`;
  }

  value(key: string): JsonValue | undefined {
    this.#taken.add(key);
    return this.#object[key] ?? undefined;
  }

  text(key: string): string | undefined {
    const value = this.value(key);
    if (value === undefined || typeof value === 'string') return value;
    return this.#wrong(key, 'is no string');
  }

  number(key: string): number | undefined {
    const value = this.value(key);
    if (value === undefined || typeof value === 'number') return value;
    return this.#wrong(key, 'is no number');
  }

  flag(key: string): boolean | undefined {
    const value = this.value(key);
    if (value === undefined || typeof value === 'boolean') return value;
    return this.#wrong(key, 'is neither true nor false');
  }

  json(key: string): JsonObject | undefined {
    const value = this.value(key);
    if (value === undefined || isJsonObject(value)) return value;
    return this.#wrong(key, 'is no object');
  }

  object(key: string): Fields | undefined {
    const value = this.json(key);
    return value && new Fields(value, this.at(key), this.findings);
  }

  /** The objects of an array; anything else in it is refused. */
  objects(key: string): Fields[] {
    const value = this.value(key);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.refuse(key, 'is no array');
      return [];
    }
    return value.flatMap((item: JsonValue, index) => {
      const path = `${this.at(key)}.${index}`;
      if (isJsonObject(item)) return [new Fields(item, path, this.findings)];
      this.findings.refuse(path, 'is no object');
      return [];
    });
  }

  /** Left out and listed, where they are there at all. */
  drop(...keys: readonly string[]): void {
    for (const key of keys) if (this.value(key) !== undefined) this.findings.drop(this.at(key));
  }

  /** Left out without a word: the value is what holds there anyway. */
  ignore(key: string, ...values: readonly JsonValue[]): boolean {
    const value = this.#object[key] ?? undefined;
    if (value !== undefined && !values.includes(value)) return false;
    this.#taken.add(key);
    return true;
  }

  refuse(key: string, reason: string = unknown): void {
    this.#taken.add(key);
    this.findings.refuse(this.at(key), reason);
  }

  end(): void {
    for (const [key, value] of Object.entries(this.#object))
      if (value !== null && value !== undefined && !this.#taken.has(key)) this.refuse(key);
  }

  #wrong(key: string, reason: string): undefined {
    this.refuse(key, reason);
    return undefined;
  }
}

/** A record without its undefined members. */
export function present(object: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
