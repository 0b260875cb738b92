import { type Role, roleOf } from './promptVerdict.ts';

/** `new(ChatRole.System, `, `TextParts(llms.ChatMessageTypeHuman, `, `Role::User, ` */
const roleConstant = /(?:role|message_?type)\W{0,2}\w*?(system|developer|user|assistant|human|tool)\W*$/i;
const roleWord = /^\s*["'](system|developer|user|assistant|human)["']\s*,\s*$/;
/** Callees that put together what is said: `add_message("user", "…")`. */
const sayingCallee = /(?:message|msg|turn|chat|prompt|append|add|push|say|content|conversation|history)/;

/** The role that stands before a positional text in its call. */
export function roleBeside(before: string, callee: string): Role | undefined {
  const role = roleConstant.exec(before)?.[1] ?? (sayingCallee.test(callee) ? roleWord.exec(before)?.[1] : undefined);
  return role === undefined ? undefined : roleOf(role);
}
