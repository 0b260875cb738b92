import { isJsonObject, type JsonObject, parseJson, stringAt } from '../json.ts';
import type { ThinkingPart } from './conversation.ts';
import { Fields, type Findings } from './fields.ts';

/**
 * Claude's reasoning has to come back signed with the tool results it led to. Chat completions have no field for it;
 * `thinking_blocks` beside `content` is what other gateways use, and clients send a message back as they got it.
 */
export function readThinkingBlocks(blocks: readonly Fields[]): ThinkingPart[] {
  return blocks.map((block) => {
    const type = block.text('type');
    const part: ThinkingPart =
      type === 'redacted_thinking'
        ? { kind: 'thinking', text: '', redacted: block.text('data') ?? '' }
        : { kind: 'thinking', text: block.text('thinking') ?? '', signature: block.text('signature') ?? '' };
    block.end();
    return part;
  });
}

export function thinkingBlock({ text, signature, redacted }: ThinkingPart): JsonObject {
  return redacted === undefined
    ? { type: 'thinking', thinking: text, signature: signature ?? '' }
    : { type: 'redacted_thinking', data: redacted };
}

const mark = 'tollgate.';

/** The same for Responses, which have `encrypted_content` for it. */
export function encryptedThinking(part: ThinkingPart): string {
  return mark + Buffer.from(JSON.stringify(thinkingBlock(part)), 'utf8').toString('base64');
}

/** Undefined where it is another provider's. */
export function decryptThinking(text: string, findings: Findings): ThinkingPart | undefined {
  if (!text.startsWith(mark)) return undefined;
  const block = parseJson(Buffer.from(text.slice(mark.length), 'base64').toString('utf8'));
  if (!isJsonObject(block) || stringAt(block, 'type') === undefined) return undefined;
  return readThinkingBlocks([new Fields(block, 'encrypted_content', findings)])[0];
}
