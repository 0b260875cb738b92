import type { Prompt } from '../finding.ts';

export type Role = NonNullable<Prompt['role']>;
export interface PromptVerdict {
  readonly role?: Role;
}

export const verdictOf = (role: Role | undefined): PromptVerdict => (role === undefined ? {} : { role });

/** The role that a name, a callee or a message's own role stands for. */
export function roleOf(name: string): Role | undefined {
  if (/system|instruction|persona|backstory|preamble|chat_history/i.test(name)) return 'system';
  if (/developer/i.test(name)) return 'developer';
  if (/assistant|\bai\b|^ai_|\bmodel\b/i.test(name)) return 'assistant';
  if (/tool|function/i.test(name)) return 'tool';
  if (/user|human|prompt|content|input|query|question|message|task|goal/i.test(name)) return 'user';
  return undefined;
}
