import { arrayAt, isJsonObject, type JsonValue } from '../wire/json.ts';
import { groupMessages, type MessageGroup } from './conversation.ts';

export interface TruncateInput {
  readonly messages: readonly JsonValue[];
  /** How the messages belong together; absent = by the rules of chat completions and Anthropic messages. */
  readonly groups?: readonly MessageGroup[];
  /** Indexes of messages that stay; negative ones count from the end. */
  readonly pins?: readonly number[];
  /** Tokens of each message, its overhead included. */
  readonly tokens: readonly number[];
  /** Tokens that stay whatever is dropped: tools, a system prompt beside the messages. */
  readonly fixedTokens: number;
  readonly maxTokens: number;
}

export type Truncation =
  | {
      readonly kind: 'fits';
      readonly messages: readonly JsonValue[];
      /** Messages left out, oldest first. */
      readonly dropped: number;
      readonly droppedTokens: number;
      readonly tokens: number;
      /** A cache breakpoint stood behind something that was left out: what was cached is of no use any more. */
      readonly lostCachedPrefix: boolean;
    }
  /** What must stay is over the limit by itself. */
  | { readonly kind: 'impossible'; readonly tokens: number };

/** Providers cache prompts of 1,024 tokens and more, so below this a stable beginning is worth nothing. */
const cachedFromTokens = 8192;
/** A longer conversation loses this part of the limit at a time, so that its beginning stays the same for many calls. */
const steps = 8;

/**
 * Leaves out the oldest messages until the rest fits. System and developer prompts stay, and so do pinned messages, the
 * last instruction of the user and the end of the conversation; a call of tools goes or stays with its results. Whole
 * turns go first, so that what is left begins with the user; then the oldest steps within the last turn. What is before a
 * cache breakpoint goes only where nothing else does.
 */
export function truncateMessages(input: TruncateInput): Truncation {
  const { messages, tokens, fixedTokens, maxTokens } = input;
  const groups = pinnedGroups(input.groups ?? groupMessages(messages), messages.length, input.pins ?? []);
  const tokensOf = (group: MessageGroup): number =>
    group.messages.reduce((sum, index) => sum + (tokens[index] ?? 0), 0);
  const dropped = new Set<MessageGroup>();
  const all = groups.reduce((sum, group) => sum + tokensOf(group), fixedTokens);
  let total = all;
  const { turns, lastTurn } = dropOrder(groups, breakpointIn(messages));
  const wanted = stableLimit(all, maxTokens);
  const drop = (batches: readonly MessageGroup[][], limit: number): void => {
    for (const group of batches.flatMap((batch) => (total <= limit ? [] : dropAll(batch)))) dropped.add(group);
  };
  const dropAll = (batch: MessageGroup[]): MessageGroup[] => {
    for (const group of batch) total -= tokensOf(group);
    return batch;
  };
  if (all > maxTokens) drop(turns, wanted);
  drop(lastTurn, maxTokens);
  if (total > maxTokens) return { kind: 'impossible', tokens: total };
  const gone = new Set([...dropped].flatMap((group) => group.messages));
  return {
    kind: 'fits',
    messages: messages.filter((_, index) => !gone.has(index)),
    dropped: gone.size,
    droppedTokens: all - total,
    tokens: total,
    lostCachedPrefix: [...gone].some((index) => index <= breakpointIn(messages)),
  };
}

/** How far a conversation of `all` tokens is cut, so that the next calls, a little longer, are cut at the same place. */
function stableLimit(all: number, maxTokens: number): number {
  if (maxTokens < cachedFromTokens) return maxTokens;
  const step = Math.floor(maxTokens / steps);
  return all - Math.ceil((all - maxTokens) / step) * step;
}

function pinnedGroups(
  groups: readonly MessageGroup[],
  count: number,
  pins: readonly number[],
): readonly MessageGroup[] {
  if (pins.length === 0) return groups;
  const kept = new Set(pins.map((pin) => (pin < 0 ? count + pin : pin)));
  return groups.map((group) =>
    group.messages.some((index) => kept.has(index)) ? { ...group, pinned: true, anchored: true } : group,
  );
}

/** The last message with a mark of Anthropic's prompt cache; -1 where there is none. */
function breakpointIn(messages: readonly JsonValue[]): number {
  return messages.findLastIndex(
    (message) =>
      isJsonObject(message) &&
      (message.cache_control !== undefined ||
        arrayAt(message, 'content').some((block) => isJsonObject(block) && block.cache_control !== undefined)),
  );
}

interface DropOrder {
  /** Whole turns before the last; each element goes as a whole. */
  readonly turns: MessageGroup[][];
  /** Steps within the last turn. */
  readonly lastTurn: MessageGroup[][];
}

/** What may go, in the order it goes. */
function dropOrder(groups: readonly MessageGroup[], breakpoint: number): DropOrder {
  const instruction = groups.findLastIndex((group) => group.instructs);
  const last = Math.max(
    0,
    groups.findLastIndex((group, index) => group.startsTurn && index <= Math.max(instruction, 0)),
  );
  const turns: MessageGroup[][] = [];
  const lastTurn: MessageGroup[][] = [];
  for (const [index, group] of groups.entries()) {
    if (index < last) addToTurn(turns, group);
    else if (!group.pinned && index !== last && index !== instruction && index !== groups.length - 1)
      lastTurn.push([group]);
  }
  const loose = turns.filter((turn) => turn.length > 0);
  const isCached = (turn: MessageGroup[]): boolean => turn.some(({ messages }) => (messages[0] ?? 0) <= breakpoint);
  return { turns: [...loose.filter((turn) => !isCached(turn)), ...loose.filter(isCached)], lastTurn };
}

/** A pinned message stays where its turn goes; the turn of a pinned instruction stays as it begins. */
function addToTurn(turns: MessageGroup[][], group: MessageGroup): void {
  const turn = group.startsTurn ? undefined : turns.at(-1);
  if (turn === undefined) turns.push(group.pinned ? [] : [group]);
  else if (!group.pinned) turn.push(group);
  else if (group.anchored === true && turn[0]?.startsTurn === true) turn.shift();
}
