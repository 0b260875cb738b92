import { hash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../wire/json.ts';

/**
 * JSON text that is equal for values that mean the same: keys sorted, no spacing, numbers in one form (`1.0` = `1` = `1e0`
 * since they were parsed), and long texts by their SHA-256, so that megabytes are read once and copied never. Undefined where
 * a number has lost digits in parsing, so that two seeds never pass for one.
 */
export function canonicalJson(value: JsonValue): string | undefined {
  const parts: string[] = [];
  return write(value, parts) ? parts.join('') : undefined;
}

/** `canonicalJson` of an object without some of its members. */
export function canonicalMembers(object: JsonObject, leftOut: ReadonlySet<string>): string | undefined {
  const parts: string[] = [];
  return writeObject(object, parts, leftOut) ? parts.join('') : undefined;
}

/** In UTF-16 units. */
const longText = 4096;

const nothing: ReadonlySet<string> = new Set();

function write(value: JsonValue | undefined, parts: string[]): boolean {
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
    parts.push(String(value));
    return true;
  }
  if (typeof value === 'string') {
    parts.push(textForm(value));
    return true;
  }
  if (typeof value !== 'object' || value === null) {
    parts.push(String(value ?? null));
    return true;
  }
  if (!isArray(value)) return writeObject(value, parts, nothing);
  parts.push('[');
  for (const item of value) {
    if (!write(item, parts)) return false;
    parts.push(',');
  }
  parts.push(']');
  return true;
}

/** No JSON begins with `#`. What is not well-formed UTF-16 would be hashed as something else. */
function textForm(text: string): string {
  return text.length > longText && text.isWellFormed() ? `#${hash('sha256', text, 'base64url')}` : JSON.stringify(text);
}

function writeObject(object: JsonObject, parts: string[], leftOut: ReadonlySet<string>): boolean {
  parts.push('{');
  for (const key of Object.keys(object).sort()) {
    const value = object[key];
    if (value === undefined || leftOut.has(key)) continue;
    parts.push(JSON.stringify(key), ':');
    if (!write(value, parts)) return false;
    parts.push(',');
  }
  parts.push('}');
  return true;
}

function isArray(value: JsonObject | readonly JsonValue[]): value is readonly JsonValue[] {
  return Array.isArray(value);
}
