import type { ChatMessage, ChatRole } from './promptFile.ts';

/** A stretch of a prompt's text that belongs to one role. */
export type RolePart = Pick<ChatMessage, 'content'> & { readonly role: string };

const dotpromptRole = /\{\{\s*role\s+["']([^"']*)["']\s*\}\}/g;
/** Prompty: a role alone on its line, with an optional heading mark and `[key=value]` attributes. */
const promptyRole =
  /^[ \t]*#?[ \t]*(system|user|assistant|developer|tool|function)[ \t]*(?:\[[^\]\n]*\][ \t]*)?:[ \t]*$/gim;
const systemTag = /<system>([\s\S]*?)<\/system>/i;

/** Cuts dotprompt's text at `{{role "…"}}`; what comes before the first is the user's. */
export function splitDotpromptRoles(text: string): RolePart[] {
  return splitAt(text, dotpromptRole);
}

/** Cuts prompty's text at lines such as `system:`. */
export function splitPromptyRoles(text: string): RolePart[] {
  return splitAt(text, promptyRole);
}

/** Continue's `.prompt`: `<system>…</system>`, the rest is the user's. */
export function splitSystemTag(text: string): RolePart[] {
  const tag = systemTag.exec(text);
  if (tag === null) return [{ role: 'user', content: text }];
  return [
    { role: 'system', content: tag[1] ?? '' },
    { role: 'user', content: text.slice(0, tag.index) + text.slice(tag.index + tag[0].length) },
  ];
}

function splitAt(text: string, marker: RegExp): RolePart[] {
  const parts: RolePart[] = [];
  let role = 'user';
  let from = 0;
  for (const match of text.matchAll(marker)) {
    parts.push({ role, content: text.slice(from, match.index) });
    role = (match[1] ?? '').toLowerCase();
    from = match.index + match[0].length;
  }
  parts.push({ role, content: text.slice(from) });
  return parts.filter((part) => part.content.trim() !== '');
}

/** Dotprompt calls the assistant `model`. */
export function chatRoleOf(role: string): ChatRole | undefined {
  if (role === 'model') return 'assistant';
  return role === 'system' || role === 'developer' || role === 'user' || role === 'assistant' ? role : undefined;
}
