import type { Finding, ModelMention } from '../finding.ts';
import type { ModelTextReader } from '../rules/modelText.ts';
import { type HeaderValue, readPromptDocument } from './readHeader.ts';
import { readTemplate } from './readTemplate.ts';

/** `dotprompt` is Genkit's and Continue's; `markdown` is VS Code's `*.prompt.md`. */
export type PromptFileKind = 'dotprompt' | 'prompty' | 'markdown';

/** Which keys of the header select the model. */
const modelPaths: Readonly<Record<PromptFileKind, RegExp>> = {
  dotprompt: /^(?:model|config\.model|candidates\.model)$/,
  prompty:
    /^model(?:\.(?:id|name|model)|\.configuration\.(?:azure_deployment|name|model)|\.parameters\.model|\.options\.model)?$/,
  markdown: /^model$/,
};

/** `${env:MODEL:gpt-4o}`: the default is what selects. */
const environmentDefault = /^\$\{env:\w+:([^}]+)\}$/;

/** Findings of a prompt file: the model of its header, and its body as one prompt. */
export function detectInPromptFile(source: string, kind: PromptFileKind, models: ModelTextReader): Finding[] {
  const { header, body } = readPromptDocument(source);
  const findings: Finding[] = [];
  const file = { start: 0, end: source.length };
  for (const value of header) {
    if (!modelPaths[kind].test(value.path)) continue;
    const mention = readMention(value, kind, models);
    if (mention) findings.push({ ...mention, call: file });
  }
  if (body.end > body.start) {
    const { parts, holes, hasRoles } = readTemplate(source, body, kind === 'prompty');
    const role = hasRoles ? {} : ({ role: 'user' } as const);
    findings.push({ kind: 'prompt', span: body, parts, holes, call: file, ...role });
  }
  return findings;
}

function readMention(value: HeaderValue, kind: PromptFileKind, models: ModelTextReader): ModelMention | undefined {
  const inner = environmentDefault.exec(value.text)?.[1];
  const text = inner ?? value.text;
  const end = inner === undefined ? value.span.end : value.span.end - 1;
  const span = { start: end - text.length, end };
  const read = models.read(text);
  // The header of `*.prompt.md` names models as the editor's picker shows them, which are ids only by chance.
  if (read === 'no' || (read === 'idLike' && kind === 'markdown')) return undefined;
  return { kind: 'model', span, literal: span, text, replaceable: false };
}
