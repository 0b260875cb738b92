import { isJsonObject, type JsonObject, type JsonValue, stringAt } from '../wire/json.ts';
import type { MessageGroup } from './conversation.ts';

/**
 * Groups the items of a Responses input: calls go with their outputs, and what the model thought with what it said next,
 * because the API refuses one without the other. What refers to something that is not here stays.
 */
export function groupItems(items: readonly JsonValue[]): MessageGroup[] {
  const groups: MessageGroup[] = [];
  let index = 0;
  while (index < items.length) {
    const item = objectOf(items[index]);
    const length = isSaid(item) ? 1 : stepLength(items, index);
    const isUsers = isSaid(item) && item.role === 'user';
    groups.push({
      messages: Array.from({ length }, (_, offset) => index + offset),
      pinned: isSystem(item) || item.type === 'item_reference' || isOutput(item),
      startsTurn: isUsers,
      instructs: isUsers,
    });
    index += length;
  }
  return groups;
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** A message of somebody else than the model. */
function isSaid({ type, role }: JsonObject): boolean {
  return (type === undefined || type === 'message') && role !== 'assistant';
}

function isSystem(item: JsonObject): boolean {
  return isSaid(item) && (item.role === 'system' || item.role === 'developer');
}

function isOutput({ type }: JsonObject): boolean {
  return typeof type === 'string' && type.endsWith('_output');
}

/** Items from the first of a step of the model to the last output that it waits for. */
function stepLength(items: readonly JsonValue[], from: number): number {
  const open = new Set<string>();
  let index = from;
  for (; index < items.length; index++) {
    const item = objectOf(items[index]);
    if (isSaid(item)) break;
    const callId = stringAt(item, 'call_id');
    if (callId !== undefined && isOutput(item)) open.delete(callId);
    else if (callId !== undefined) open.add(callId);
    const isWhole = open.size === 0 && item.type !== 'reasoning';
    if (isWhole) return index - from + 1;
  }
  return Math.max(1, index - from);
}
