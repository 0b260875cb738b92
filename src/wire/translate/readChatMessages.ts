import type { AssistantPart, Base64, Turn, UserPart } from './conversation.ts';
import { parseDataUrl } from './dataUrl.ts';
import type { Fields } from './fields.ts';
import { readThinkingBlocks } from './thinkingBlocks.ts';

/** The messages of a chat completion, in order. */
export function readChatMessages(messages: readonly Fields[]): Turn[] {
  return messages.flatMap((message) => {
    const turn = readMessage(message);
    message.end();
    return turn === undefined ? [] : [turn];
  });
}

function readMessage(message: Fields): Turn | undefined {
  const role = message.text('role');
  const { path } = message;
  message.drop('name');
  switch (role) {
    case 'system':
    case 'developer':
      return { role: 'system', path, texts: readTexts(message) };
    case 'user':
      return { role: 'user', path, parts: readContent(message) };
    case 'assistant':
      return { role: 'assistant', path, parts: readAssistant(message) };
    case 'tool':
      return { role: 'tool', path, callId: message.text('tool_call_id') ?? '', parts: readContent(message) };
    default:
      message.refuse('role', 'is no role that has a counterpart there');
      return undefined;
  }
}

function readTexts(message: Fields): string[] {
  return readContent(message).flatMap((part) => {
    if (part.kind === 'text') return [part.text];
    message.refuse('content', 'is not only text');
    return [];
  });
}

/** A string, or a list of parts. */
function readContent(message: Fields): UserPart[] {
  const content = message.value('content');
  if (content === undefined) return [];
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  return message.objects('content').flatMap((part) => {
    const read = readPart(part);
    part.drop('prompt_cache_breakpoint');
    part.end();
    return read === undefined ? [] : [read];
  });
}

function readPart(part: Fields): UserPart | undefined {
  const { path } = part;
  switch (part.text('type')) {
    case 'text':
      return { kind: 'text', text: part.text('text') ?? '' };
    case 'refusal':
      return { kind: 'text', text: part.text('refusal') ?? '' };
    case 'image_url': {
      const image = part.object('image_url');
      if (image?.ignore('detail', 'auto') === false) image.drop('detail');
      const url = image?.text('url') ?? '';
      image?.end();
      return { kind: 'image', path, source: parseDataUrl(url) ?? { kind: 'url', url } };
    }
    case 'file':
      return readFile(part);
    default:
      part.refuse('type', 'is a kind of content that has no counterpart there');
      return undefined;
  }
}

function readFile(part: Fields): UserPart | undefined {
  const file = part.object('file');
  if (file === undefined) return undefined;
  const name = file.text('filename');
  const data = file.text('file_data');
  if (data === undefined) file.refuse('file_id', 'is a file that only its provider has');
  file.end();
  // A file without a data URL is a PDF: nothing else was taken when that was the way to send one.
  const source: Base64 = parseDataUrl(data ?? '') ?? { kind: 'base64', mediaType: 'application/pdf', data: data ?? '' };
  return { kind: 'document', path: part.path, source, ...(name === undefined ? {} : { name }) };
}

function readAssistant(message: Fields): AssistantPart[] {
  const texts = readTexts(message).map((text): AssistantPart => ({ kind: 'text', text }));
  const refusal = message.text('refusal');
  if (refusal !== undefined) texts.push({ kind: 'text', text: refusal });
  const thinking = readThinkingBlocks(message.objects('thinking_blocks'));
  if (thinking.length === 0) message.drop('reasoning_content', 'reasoning', 'reasoning_details');
  // `parsed` and `parsed_arguments` are the SDK's own, and come back where a program sends an answer on as it got it.
  for (const key of ['reasoning_content', 'reasoning', 'reasoning_details', 'annotations', 'parsed'])
    message.value(key);
  const calls = message.objects('tool_calls').map((call): AssistantPart => {
    if (call.text('type') !== 'function') call.refuse('type', 'is a kind of tool that only its provider knows');
    const called = call.object('function');
    const part: AssistantPart = {
      kind: 'toolCall',
      path: `${call.path}.function.arguments`,
      id: call.text('id') ?? '',
      name: called?.text('name') ?? '',
      input: called?.text('arguments') ?? '',
    };
    call.value('index');
    called?.value('parsed_arguments');
    called?.end();
    call.end();
    return part;
  });
  return [...thinking, ...texts.filter((part) => part.kind !== 'text' || part.text !== ''), ...calls];
}
