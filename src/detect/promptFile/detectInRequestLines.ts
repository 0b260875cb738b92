import { type Node, parseTree } from 'jsonc-parser';
import type { Finding, Prompt, Span } from '../finding.ts';
import type { ModelTextReader } from '../rules/modelText.ts';
import { type Role, roleOf } from '../rules/promptVerdict.ts';
import { messageRole } from '../rules/promptWords.ts';
import { countWords } from '../rules/wording.ts';

/** Under these keys of a line stands the request: OpenAI's and Anthropic's batch formats. */
const envelopes: readonly string[] = ['body', 'params', 'request'];
/** One of them makes an object a request; `contents` is Gemini's. */
const requestKeys: readonly string[] = ['messages', 'model', 'contents'];
const promptKeys: Readonly<Record<string, Role>> = {
  prompt: 'user',
  input: 'user',
  system: 'system',
  instructions: 'system',
};

const messageKeys: readonly string[] = ['messages', 'contents', 'input'];

interface Line {
  readonly start: number;
  readonly request: Node;
}

/** Findings of a JSON Lines file of requests to a model: batch input, fine-tuning data, recorded chats. */
export function detectInRequestLines(source: string, models: ModelTextReader): Finding[] {
  const findings: Finding[] = [];
  for (let start = 0; start < source.length; ) {
    const newline = source.indexOf('\n', start);
    const end = newline < 0 ? source.length : newline;
    const request = readRequest(source.slice(start, end));
    if (request) addFindings(findings, { start, request }, models);
    start = end + 1;
  }
  return findings;
}

/** The object of a line that holds `model` or `messages`; undefined where the line is something else. */
function readRequest(line: string): Node | undefined {
  if (!/^\s*\{/.test(line)) return undefined;
  const root = parseLine(line);
  if (root?.type !== 'object') return undefined;
  const inner = envelopes.map((key) => property(root, key)).find((node) => node?.type === 'object');
  const request = inner ?? root;
  return requestKeys.some((key) => property(request, key)) ? request : undefined;
}

/** The parser goes into brackets by recursion: what is nested deeper than the stack is no request. */
function parseLine(line: string): Node | undefined {
  try {
    return parseTree(line);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function property(object: Node, name: string): Node | undefined {
  return object.children?.find((pair) => pair.children?.[0]?.value === name)?.children?.[1];
}

function addFindings(findings: Finding[], { start, request }: Line, models: ModelTextReader): void {
  const call: Span = { start: start + request.offset, end: start + request.offset + request.length };
  const inLine: Finding[] = [];
  const model = property(request, 'model');
  if (typeof model?.value === 'string' && models.read(model.value) !== 'no') {
    const literal = { start: start + model.offset, end: start + model.offset + model.length };
    const span = { start: literal.start + 1, end: literal.end - 1 };
    inLine.push({ kind: 'model', span, literal, text: model.value, replaceable: false, call });
  }
  for (const [key, role] of Object.entries(promptKeys)) addText(inLine, start, call, property(request, key), role);
  for (const key of messageKeys)
    for (const message of property(request, key)?.children ?? []) {
      if (message.type !== 'object') continue;
      const role = property(message, 'role')?.value;
      if (typeof role !== 'string' || !messageRole.test(role)) continue;
      addText(inLine, start, call, property(message, 'content') ?? property(message, 'parts'), roleOf(role));
    }
  findings.push(...inLine.sort((a, b) => a.span.start - b.span.start));
}

/** A string, or the `text` of each part of a content list. */
function addText(findings: Finding[], start: number, call: Span, node: Node | undefined, role: Role | undefined): void {
  if (node?.type === 'array') {
    for (const part of node.children ?? []) {
      if (part.type === 'string') addText(findings, start, call, part, role);
      else if (part.type === 'object') addText(findings, start, call, property(part, 'text'), role);
    }
    return;
  }
  if (typeof node?.value !== 'string' || countWords(node.value) === 0) return;
  const span = { start: start + node.offset, end: start + node.offset + node.length };
  const part = { span: { start: span.start + 1, end: span.end - 1 }, text: node.value };
  const prompt: Prompt = { kind: 'prompt', span, parts: [part], holes: [], call, ...(role ? { role } : {}) };
  findings.push(prompt);
}
