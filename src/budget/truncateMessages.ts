import type { JsonValue } from '../wire/json.ts';
import { groupMessages, type MessageGroup } from './conversation.ts';

export interface TruncateInput {
  readonly messages: readonly JsonValue[];
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
      readonly tokens: number;
    }
  /** What must stay is over the limit by itself. */
  | { readonly kind: 'impossible'; readonly tokens: number };

/**
 * Leaves out the oldest messages until the rest fits. System and developer prompts stay, and so do the last instruction of
 * the user and the end of the conversation; a call of tools goes or stays with its results. Whole turns go first, so that
 * what is left begins with the user; then the oldest steps within the last turn.
 */
export function truncateMessages({ messages, tokens, fixedTokens, maxTokens }: TruncateInput): Truncation {
  const groups = groupMessages(messages);
  const tokensOf = (group: MessageGroup): number =>
    group.messages.reduce((sum, index) => sum + (tokens[index] ?? 0), 0);
  const dropped = new Set<MessageGroup>();
  let total = groups.reduce((sum, group) => sum + tokensOf(group), fixedTokens);
  for (const batch of dropOrder(groups)) {
    if (total <= maxTokens) break;
    for (const group of batch) {
      dropped.add(group);
      total -= tokensOf(group);
    }
  }
  if (total > maxTokens) return { kind: 'impossible', tokens: total };
  const gone = new Set([...dropped].flatMap((group) => group.messages));
  return { kind: 'fits', messages: messages.filter((_, index) => !gone.has(index)), dropped: gone.size, tokens: total };
}

/** What may go, in the order it goes; each element goes as a whole. */
function dropOrder(groups: readonly MessageGroup[]): MessageGroup[][] {
  const instruction = groups.findLastIndex((group) => group.instructs);
  const lastTurn = Math.max(
    0,
    groups.findLastIndex((group, index) => group.startsTurn && index <= Math.max(instruction, 0)),
  );
  const batches: MessageGroup[][] = [];
  for (const [index, group] of groups.entries()) {
    if (group.pinned) continue;
    if (index < lastTurn) {
      const turn = group.startsTurn ? undefined : batches.at(-1);
      if (turn === undefined) batches.push([group]);
      else turn.push(group);
    } else if (index !== lastTurn && index !== instruction && index !== groups.length - 1) {
      batches.push([group]);
    }
  }
  return batches;
}
