import type { ModelCall } from '../detect/calls/modelCall.ts';
import type { SourceText } from '../detect/finding.ts';
import type { TextEdit } from './aliasEdit.ts';

const keyStyles: Readonly<Record<string, 'keyword' | 'property'>> = {
  python: 'keyword',
  javascript: 'property',
  javascriptreact: 'property',
  typescript: 'property',
  typescriptreact: 'property',
};

/**
 * Adds a key to a call, before one that is there: no comma can be missing then, and no positional argument follows.
 * Undefined where the call names no key or its language writes keys in another way.
 */
export function insertKey(
  { languageId, text }: SourceText,
  call: ModelCall,
  name: string,
  value: string,
): TextEdit | undefined {
  const style = keyStyles[languageId];
  const [first] = [...call.keys.values()].toSorted((a, b) => a.name.start - b.name.start);
  if (!style || !first) return undefined;
  const at = first.name.start;
  // A quoted key begins with its quote, which the name's span holds.
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const indent = text.slice(lineStart, at);
  const separator = indent.trim() === '' && lineStart > 0 ? `\n${indent}` : ' ';
  const key = style === 'keyword' ? `${name}=${value}` : `${name}: ${value}`;
  return { span: { start: at, end: at }, newText: `${key},${separator}` };
}
