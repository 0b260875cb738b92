import type { Evidence } from '../evidence.ts';
import type { Finding, ModelMention, Prompt, Span } from '../finding.ts';
import type { ModelTextReader } from '../rules/modelText.ts';
import { countWords } from '../rules/wording.ts';
import { detectInSettings, type SettingsDocument } from '../settings/detectInSettings.ts';
import type { Setting, SettingText } from '../settings/setting.ts';
import { formatsOf } from '../settings/settingFormats.ts';
import { maskShell } from './maskShell.ts';
import type { ShellCommandCall, ShellScript } from './readShell.ts';
import { askingCommands, bodyFlag, plainFlag, sentFlag } from './shellCommands.ts';

export interface ShellDocument {
  readonly document: Omit<SettingsDocument, 'settings'>;
  readonly script: ShellScript;
  /** Reads JSON out of a source. */
  readonly readJson: (source: string) => readonly Setting[];
}

/** Requests in one script; a script with more is generated. */
const mostBodies = 100;
/** Characters masked for them, as each is read in a source of the whole script's length. */
const mostMasked = 2_000_000;
const fewestWords = 3;

/** Findings of a shell script: variables and flags that select a model, bodies of requests, arguments that are prompts. */
export function detectInShell({ document, script, readJson }: ShellDocument, models: ModelTextReader): Finding[] {
  const { source, evidence } = document;
  const formats = formatsOf(document.path, source);
  const findings = detectInSettings({ ...document, formats, settings: script.variables }, models);
  const most = Math.min(mostBodies, Math.ceil(mostMasked / source.length));
  let bodies = 0;
  for (const command of script.commands) {
    const body = bodyOf(command);
    if (body && bodies++ < most) {
      const isWord = body !== command.input;
      const masked = maskShell(source, isWord ? body.literal : body.span, isWord);
      const settings = readJson(masked);
      findings.push(...detectInSettings({ ...document, source: masked, settings }, models));
    } else {
      const settings: Setting[] = [
        { kind: 'map', span: command.args.span, entries: [{ key: 'args', value: command.args, source: '' }] },
      ];
      findings.push(
        ...detectInSettings({ ...document, formats, settings }, models).filter(({ kind }) => kind === 'model'),
      );
      findings.push(...asked(command, evidence, models));
    }
  }
  return withoutDoubles(findings);
}

/** JSON that is sent: the value of a flag, or the lines on the input. */
function bodyOf({ args, input }: ShellCommandCall): SettingText | undefined {
  const texts = args.items.filter((item): item is SettingText => item.kind === 'text');
  const at = texts.findIndex(({ text }) => bodyFlag.test(text));
  const flagged = at < 0 ? undefined : texts[at + 1];
  const isJson = (text: SettingText | undefined): boolean => /^\s*[[{]/.test(text?.text ?? '');
  if (isJson(flagged)) return flagged;
  return isJson(input) ? input : undefined;
}

/** `llm -m gpt-4o "Summarise this."`, `ollama run llama3.2 "…"` */
function asked({ name, args, input }: ShellCommandCall, evidence: Evidence, models: ModelTextReader): Finding[] {
  const row = askingCommands.find((one) => one.name.test(name));
  if (!row || !evidence.llm) return [];
  const call = args.span;
  const found: Finding[] = [];
  let previous = '';
  for (const item of args.items) {
    if (item.kind !== 'text') continue;
    if (row.modelAfter === previous && models.read(item.text) !== 'no') found.push(mentionOf(item, call));
    else if (isSent(item, previous)) found.push(promptOf(item, call, /^(?:-s|--.*system.*)$/.test(previous)));
    previous = item.text;
  }
  if (input && countWords(input.text) >= fewestWords) found.push(promptOf(input, call, false));
  return found;
}

function isSent({ text }: SettingText, previous: string): boolean {
  const isValue = previous.startsWith('-') && !previous.includes('=') && !plainFlag.test(previous);
  return countWords(text) >= fewestWords && !text.startsWith('-') && (!isValue || sentFlag.test(previous));
}

function mentionOf({ span, literal, text }: SettingText, call: Span): ModelMention {
  return { kind: 'model', span, literal, text, replaceable: false, call };
}

function promptOf({ literal, parts, holes }: SettingText, call: Span, isSystem: boolean): Prompt {
  return { kind: 'prompt', span: literal, parts, holes, role: isSystem ? 'system' : 'user', call };
}

/** A default is read where it stands and as the value of its variable; the first counts. */
function withoutDoubles(findings: readonly Finding[]): Finding[] {
  const seen = new Set<number>();
  return [...findings]
    .sort((a, b) => a.span.start - b.span.start)
    .filter(({ span }) => !seen.has(span.start) && seen.add(span.start));
}
