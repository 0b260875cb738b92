import type { AssistantPart, Turn, UserPart } from './conversation.ts';
import { parseDataUrl } from './dataUrl.ts';
import type { Fields, Findings } from './fields.ts';
import { decryptThinking } from './thinkingBlocks.ts';

/** The items of a response's input, in order; what one answer consisted of becomes one turn again. */
export function readResponseItems(items: readonly Fields[], findings: Findings): Turn[] {
  const turns: Turn[] = [];
  for (const item of items) {
    const turn = readItem(item, findings);
    // `parsed_arguments` and `parsed` are the SDK's own, and come back where a program sends an answer on as it got it.
    for (const key of ['id', 'status', 'parsed_arguments']) item.value(key);
    item.end();
    if (turn !== undefined) append(turns, turn);
  }
  return turns;
}

function append(turns: Turn[], turn: Turn): void {
  const last = turns.at(-1);
  if (turn.role === 'assistant' && last?.role === 'assistant')
    turns[turns.length - 1] = { ...last, parts: [...last.parts, ...turn.parts] };
  else turns.push(turn);
}

function readItem(item: Fields, findings: Findings): Turn | undefined {
  const { path } = item;
  switch (item.text('type') ?? 'message') {
    case 'message':
      return readMessage(item);
    case 'function_call':
      return { role: 'assistant', path, parts: [readCall(item)] };
    case 'function_call_output':
      return { role: 'tool', path, callId: item.text('call_id') ?? '', parts: readContent(item, 'output') };
    case 'reasoning':
      return readReasoning(item, findings);
    default:
      item.refuse('type', 'is a kind of item that has no counterpart there');
      return undefined;
  }
}

function readMessage(item: Fields): Turn | undefined {
  const { path } = item;
  const parts = readContent(item, 'content');
  item.drop('phase');
  const texts = parts.flatMap((part) => (part.kind === 'text' ? [part] : []));
  const role = item.text('role');
  if (role === 'user') return { role, path, parts };
  if (texts.length < parts.length) item.refuse('content', 'is not only text');
  if (role === 'assistant') return { role, path, parts: texts };
  if (role === 'system' || role === 'developer') return { role: 'system', path, texts: texts.map(({ text }) => text) };
  item.refuse('role', 'is no role that is known');
  return undefined;
}

function readCall(item: Fields): AssistantPart {
  const called = { id: item.text('call_id') ?? '', name: item.text('name') ?? '', input: item.text('arguments') ?? '' };
  return { kind: 'toolCall', path: item.at('arguments'), ...called };
}

/** Only what we have encrypted ourselves can be read; the reasoning of another provider is of no use to this one. */
function readReasoning(item: Fields, findings: Findings): Turn | undefined {
  const part = decryptThinking(item.text('encrypted_content') ?? '', findings);
  item.value('summary');
  item.value('content');
  if (part !== undefined) return { role: 'assistant', path: item.path, parts: [part] };
  findings.drop(`${item.path}.reasoning`);
  return undefined;
}

function readContent(item: Fields, key: string): UserPart[] {
  const content = item.value(key);
  if (content === undefined) return [];
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  return item.objects(key).flatMap((part) => {
    const read = readPart(part);
    part.drop('prompt_cache_breakpoint');
    part.end();
    return read === undefined ? [] : [read];
  });
}

function readPart(part: Fields): UserPart | undefined {
  const { path } = part;
  switch (part.text('type')) {
    case 'input_text':
    case 'text':
      return { kind: 'text', text: part.text('text') ?? '' };
    case 'output_text':
      for (const key of ['annotations', 'logprobs', 'parsed']) part.value(key);
      return { kind: 'text', text: part.text('text') ?? '' };
    case 'refusal':
      return { kind: 'text', text: part.text('refusal') ?? '' };
    case 'input_image': {
      const url = part.text('image_url');
      if (!part.ignore('detail', 'auto')) part.drop('detail');
      if (url === undefined) part.refuse('file_id', 'is a file that only its provider has');
      return { kind: 'image', path, source: parseDataUrl(url ?? '') ?? { kind: 'url', url: url ?? '' } };
    }
    case 'input_file':
      return readFile(part);
    default:
      part.refuse('type', 'is a kind of content that has no counterpart there');
      return undefined;
  }
}

function readFile(part: Fields): UserPart {
  const name = part.text('filename');
  const data = part.text('file_data');
  const url = part.text('file_url');
  part.drop('detail');
  if (data === undefined && url === undefined) part.refuse('file_id', 'is a file that only its provider has');
  const named = { path: part.path, ...(name === undefined ? {} : { name }) };
  if (data === undefined) return { kind: 'document', ...named, source: { kind: 'url', url: url ?? '' } };
  const source = parseDataUrl(data) ?? { kind: 'base64' as const, mediaType: 'application/pdf', data };
  return { kind: 'document', ...named, source };
}
