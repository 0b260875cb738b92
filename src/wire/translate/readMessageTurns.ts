import type { JsonObject } from '../json.ts';
import type { AssistantPart, Base64, Turn, Url, UserPart } from './conversation.ts';
import type { Fields } from './fields.ts';

/** The messages of an Anthropic request as turns: tool results become turns of their own, in front of what was said. */
export function readMessageTurns(messages: readonly Fields[]): Turn[] {
  return messages.flatMap((message) => {
    const turns = readMessage(message);
    message.end();
    return turns;
  });
}

function readMessage(message: Fields): Turn[] {
  const { path } = message;
  switch (message.text('role')) {
    case 'system':
      return [{ role: 'system', path, texts: readBlockTexts(message, 'content') }];
    case 'assistant':
      return [{ role: 'assistant', path, parts: contentOf(message).flatMap(readAssistantBlock) }];
    case 'user':
      return readUser(message);
    default:
      message.refuse('role', 'is no role that is known');
      return [];
  }
}

/** `system`: a string or text blocks. */
export function readSystem(fields: Fields): string[] {
  return readBlockTexts(fields, 'system');
}

function readBlockTexts(fields: Fields, key: string): string[] {
  const value = fields.value(key);
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  return fields.objects(key).map((block) => {
    if (block.text('type') !== 'text') block.refuse('type', 'is not text');
    const text = block.text('text') ?? '';
    endBlock(block);
    return text;
  });
}

type Block = Fields | string;

/** A string stands for one text block. */
function contentOf(message: Fields): Block[] {
  const content = message.value('content');
  return typeof content === 'string' ? [content] : message.objects('content');
}

function readUser(message: Fields): Turn[] {
  const results: Turn[] = [];
  const parts: UserPart[] = [];
  for (const block of contentOf(message)) {
    if (typeof block !== 'string' && block.text('type') === 'tool_result') results.push(readToolResult(block));
    else parts.push(...readUserBlock(block));
  }
  const said: Turn[] = parts.length > 0 || results.length === 0 ? [{ role: 'user', path: message.path, parts }] : [];
  return [...results, ...said];
}

function readToolResult(block: Fields): Turn {
  const callId = block.text('tool_use_id') ?? '';
  const isError = block.flag('is_error');
  const parts = block.value('content') === undefined ? [] : contentOf(block).flatMap(readUserBlock);
  endBlock(block);
  return { role: 'tool', path: block.path, callId, parts, ...(isError === undefined ? {} : { isError }) };
}

function readUserBlock(block: Block): UserPart[] {
  if (typeof block === 'string') return [{ kind: 'text', text: block }];
  const part = readUserPart(block);
  endBlock(block);
  return part === undefined ? [] : [part];
}

function readUserPart(block: Fields): UserPart | undefined {
  const { path } = block;
  switch (block.text('type')) {
    case 'text':
      return { kind: 'text', text: block.text('text') ?? '' };
    case 'image': {
      block.drop('transformations');
      const source = readSource(block);
      return source === undefined ? undefined : { kind: 'image', path, source };
    }
    case 'document': {
      const name = block.text('title');
      block.drop('context');
      const source = readSource(block);
      return source && { kind: 'document', path, source, ...(name === undefined ? {} : { name }) };
    }
    default:
      block.refuse('type', 'is a kind of content that has no counterpart there');
      return undefined;
  }
}

function readSource(block: Fields): Base64 | Url | undefined {
  const source = block.object('source');
  const read = source && readSourceOf(source);
  source?.end();
  return read;
}

function readSourceOf(source: Fields): Base64 | Url | undefined {
  const type = source.text('type');
  if (type === 'url') return { kind: 'url', url: source.text('url') ?? '' };
  const mediaType = source.text('media_type') ?? '';
  const data = source.text('data') ?? '';
  if (type === 'base64') return { kind: 'base64', mediaType, data };
  if (type === 'text') return { kind: 'base64', mediaType, data: Buffer.from(data, 'utf8').toString('base64') };
  source.refuse('type', 'is a file that only its provider has');
  return undefined;
}

function readAssistantBlock(block: Block): AssistantPart[] {
  if (typeof block === 'string') return [{ kind: 'text', text: block }];
  const part = readAssistantPart(block);
  endBlock(block);
  return part === undefined ? [] : [part];
}

function readAssistantPart(block: Fields): AssistantPart | undefined {
  switch (block.text('type')) {
    case 'text':
      return { kind: 'text', text: block.text('text') ?? '' };
    case 'thinking':
      return { kind: 'thinking', text: block.text('thinking') ?? '', signature: block.text('signature') ?? '' };
    case 'redacted_thinking':
      return { kind: 'thinking', text: '', redacted: block.text('data') ?? '' };
    case 'tool_use': {
      block.value('caller');
      const input: JsonObject = block.json('input') ?? {};
      const called = { id: block.text('id') ?? '', name: block.text('name') ?? '' };
      return { kind: 'toolCall', path: block.path, ...called, input: JSON.stringify(input) };
    }
    default:
      block.refuse('type', 'is a kind of content that has no counterpart there');
      return undefined;
  }
}

/** Where the prompt cache may be cut, and what was quoted, change nothing that is said. */
function endBlock(block: Fields): void {
  block.drop('cache_control');
  const citations = block.value('citations');
  if (Array.isArray(citations) && citations.length > 0) block.drop('citations');
  else if (citations !== undefined && !Array.isArray(citations)) block.drop('citations');
  block.end();
}
