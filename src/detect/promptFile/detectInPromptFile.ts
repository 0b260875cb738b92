import type { Finding, ModelMention, Prompt } from '../finding.ts';
import type { ModelTextReader } from '../rules/modelText.ts';
import { detectInBaml } from './detectInBaml.ts';
import { detectInPoml } from './detectInPoml.ts';
import { type PromptFileKind, type PromptFileReader, promptFileReaders } from './promptFileKinds.ts';
import { type HeaderValue, readPromptDocument } from './readHeader.ts';
import { readTemplate } from './readTemplate.ts';

/** `${env:MODEL:gpt-4o}`: the default is what selects. */
const environmentDefault = /^\$\{env:\w+:([^}]+)\}$/;

/** Findings of a prompt file: the model it names, and what it sends. */
export function detectInPromptFile(source: string, kind: PromptFileKind, models: ModelTextReader): Finding[] {
  if (kind === 'baml') return detectInBaml(source, models);
  if (kind === 'poml') return detectInPoml(source, models);
  return detectInDocument(source, promptFileReaders[kind], models);
}

/** A header and a body, which is one prompt. */
function detectInDocument(source: string, reader: PromptFileReader, models: ModelTextReader): Finding[] {
  const { header, body } = readPromptDocument(source);
  const findings: Finding[] = [];
  const file = { start: 0, end: source.length };
  for (const value of header) {
    if (!reader.models.test(value.path)) continue;
    const mention = readMention(value, reader, models);
    if (mention) findings.push({ ...mention, call: file });
  }
  if (body.end > body.start) {
    const { parts, holes, hasRoles } = readTemplate(source, body, reader.style);
    const prompt: Prompt = { kind: 'prompt', span: body, parts, holes, call: file };
    const role = hasRoles || !reader.role ? {} : { role: reader.role };
    if (parts.some((part) => part.text.trim() !== '') || holes.length > 0)
      findings.push({ ...prompt, ...role, ...(reader.perSession ? { perSession: true } : {}) });
  }
  return findings;
}

function readMention(
  value: HeaderValue,
  { toolNames }: PromptFileReader,
  models: ModelTextReader,
): ModelMention | undefined {
  const inner = environmentDefault.exec(value.text)?.[1];
  const text = inner ?? value.text;
  const end = inner === undefined ? value.span.end : value.span.end - 1;
  const span = { start: end - text.length, end };
  const read = models.read(text);
  if (read === 'no' || (toolNames && read !== 'known' && read !== 'shaped')) return undefined;
  return { kind: 'model', span, literal: span, text, replaceable: false };
}
