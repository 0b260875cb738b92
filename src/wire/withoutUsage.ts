import { splitEvents } from './eventFramer.ts';
import { isJsonObject, parseJson } from './json.ts';
import { asBuffer, removeMember } from './setMembers.ts';

/**
 * Undoes in the client's copy what asking for `stream_options.include_usage` in its place has added: the last chunk,
 * which has usage and no choices, and the `"usage":null` of every other one.
 * @param bytes whole events
 */
export function withoutUsage(bytes: Uint8Array): Uint8Array {
  const buffer = asBuffer(bytes);
  if (!buffer.includes('"usage"', 0, 'latin1')) return bytes;
  const kept = splitEvents(buffer)
    .map(cleaned)
    .filter((event) => event.length > 0);
  return kept.length === 1 && kept[0] !== undefined ? kept[0] : Buffer.concat(kept);
}

const prefix = 'data:';

function cleaned(event: Buffer): Uint8Array {
  if (!event.includes('"usage"', 0, 'latin1')) return event;
  const open = event.indexOf('{');
  const close = event.lastIndexOf('}');
  // One `data:` line with one object; anything else is not the chunk we asked for.
  if (open < 0 || close < open || event.toString('latin1', 0, open).trimEnd() !== prefix) return event;
  const json = event.subarray(open, close + 1);
  const chunk = parseJson(json.toString('utf8'));
  if (!isJsonObject(chunk) || chunk.usage === undefined) return event;
  if (chunk.usage !== null) return Array.isArray(chunk.choices) && chunk.choices.length === 0 ? Buffer.alloc(0) : event;
  const without = removeMember(json, 'usage', 'null');
  return without === undefined ? event : Buffer.concat([event.subarray(0, open), without, event.subarray(close + 1)]);
}
