import type { JsonValue } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { setMembers } from '../wire/setMembers.ts';

/** Top-level members of a request body and what they are to be. */
export type BodyEdits = Readonly<Record<string, JsonValue>>;

/** A request as it will be, for what looks at its body; its bytes are still the client's. */
export function withEdits(request: ParsedRequest, edits: BodyEdits): ParsedRequest {
  return { ...request, body: { ...request.body, ...edits } };
}

/** The client's bytes with the edits spliced in; undefined where there is nothing to change. */
export function editedBytes({ bytes }: ParsedRequest, edits: BodyEdits): Uint8Array | undefined {
  const texts = Object.entries(edits).map(([key, value]) => [key, JSON.stringify(value)] as const);
  if (texts.length === 0) return undefined;
  const spliced = setMembers(bytes, Object.fromEntries(texts));
  if (spliced === undefined) throw new Error('a body that was read as an object cannot be edited as one');
  return spliced;
}
