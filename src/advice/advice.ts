import type { Span } from '../detect/finding.ts';
import type { TextEdit } from './aliasEdit.ts';
import type { RuleId } from './ruleIds.ts';

/** A text for the user: a template with `{0}`, `{1}` … and what goes there. Translated where it is shown. */
export interface Message {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

export const message = (text: string, ...values: readonly (string | number)[]): Message => ({ text, values });

/** What takes the reason for an advice away. */
export type Fix =
  | { readonly kind: 'edit'; readonly title: Message; readonly edits: readonly TextEdit[] }
  /** The alias command, at the model of this text. */
  | { readonly kind: 'useAlias'; readonly title: Message; readonly offset: number; readonly text: string };

/** One pitfall found in one place, with the figures that make it one. */
export interface Advice {
  readonly rule: RuleId;
  readonly span: Span;
  readonly message: Message;
  readonly fixes: readonly Fix[];
}

/** The English text of a message. */
export function englishText({ text, values }: Message): string {
  return text.replace(/\{(\d+)\}/g, (hole, index: string) => String(values[Number(index)] ?? hole));
}
