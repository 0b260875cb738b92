import { isJsonObject, type JsonValue } from './json.ts';
import type { ParsedRequest } from './parsedRequest.ts';

/** Body fields that a model reads. */
const promptFields = [
  'system',
  'instructions',
  'messages',
  'input',
  'prompt',
  'tools',
  'functions',
  'response_format',
] as const;

/** Base64 of an image or file is billed by rules of its own, never by its characters. */
const longestTextWithoutSpace = 2000;

/** The texts of a request's prompt, in order: what its input is counted by where the provider does not say. */
export function promptTexts(request: ParsedRequest): string[] {
  const texts: string[] = [];
  for (const field of promptFields) collect(request.body[field], texts);
  return texts;
}

function collect(value: JsonValue | undefined, texts: string[]): void {
  if (typeof value === 'string') {
    if (!isBinary(value)) texts.push(value);
  } else if (Array.isArray(value)) for (const item of value) collect(item, texts);
  else if (isJsonObject(value)) for (const item of Object.values(value)) collect(item, texts);
}

function isBinary(text: string): boolean {
  if (text.startsWith('data:')) return true;
  return text.length > longestTextWithoutSpace && !/\s/.test(text.slice(0, longestTextWithoutSpace));
}
