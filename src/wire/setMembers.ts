import { type JsonObjectSpan, jsonMembers } from './jsonMembers.ts';

/** Top-level members to set, each as JSON text. */
export type MemberEdits = Readonly<Record<string, string>>;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Sets top-level members of a JSON object by splicing its bytes: every other byte, key order and spacing included,
 * stays as it was, so that a provider's prompt cache sees the same prefix. A member that stands there twice is set
 * twice, because providers disagree on which one counts.
 * @returns undefined where the bytes are no JSON object
 */
export function setMembers(bytes: Uint8Array, edits: MemberEdits): Uint8Array | undefined {
  const buffer = asBuffer(bytes);
  const span = jsonMembers(buffer);
  if (span === undefined) return undefined;
  const places = Object.entries(edits).flatMap(([key, text]) => editsFor(span, key, text));
  return splice(buffer, places);
}

function editsFor(span: JsonObjectSpan, key: string, text: string): Edit[] {
  const present = span.members.filter((member) => member.key === key);
  if (present.length > 0) return present.map((member) => ({ start: member.valueStart, end: member.valueEnd, text }));
  const lead = span.members.length > 0 ? ',' : '';
  return [{ start: span.close, end: span.close, text: `${lead}${JSON.stringify(key)}:${text}` }];
}

/** Removes top-level members, each with the comma that belonged to it. Undefined where there is nothing to remove. */
export function removeMember(bytes: Uint8Array, key: string, literal: string): Uint8Array | undefined {
  const buffer = asBuffer(bytes);
  const span = jsonMembers(buffer);
  const index = span?.members.findIndex((member) => member.key === key) ?? -1;
  const member = span?.members[index];
  if (span === undefined || member === undefined) return undefined;
  if (buffer.toString('latin1', member.valueStart, member.valueEnd) !== literal) return undefined;
  const before = span.members[index - 1];
  const after = span.members[index + 1];
  if (before !== undefined) return splice(buffer, [{ start: before.valueEnd, end: member.valueEnd, text: '' }]);
  return splice(buffer, [{ start: member.start, end: after?.start ?? member.valueEnd, text: '' }]);
}

function splice(buffer: Buffer, edits: readonly Edit[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    parts.push(buffer.subarray(at, edit.start), Buffer.from(edit.text, 'utf8'));
    at = edit.end;
  }
  parts.push(buffer.subarray(at));
  return Buffer.concat(parts);
}

/** A view, not a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
