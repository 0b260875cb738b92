import type { CallKey } from '../../detect/calls/modelCall.ts';
import { type Advice, message } from '../advice.ts';
import type { RuleContext } from '../ruleContext.ts';

/** Keys that providers store with a call and show in their consoles. */
const metadataKey = /^(?:user|metadata|safety_identifier|prompt_cache_key)$/;
const address = /["'`][\w.+-]+@[\w-]+\.[A-Za-z]{2,}["'`]/;
/** Names of personal data, as a variable, a member or a key. */
const personal =
  /(?<![A-Za-z])(?:(?:user|customer|client|person|member)_?)?(e_?mail(?:_?address)?|phone(?:_?number)?|full_?name|first_?name|last_?name|ssn|social_?security\w*|ip_?address|date_?of_?birth|birth_?date|home_?address|passport\w*)(?![A-Za-z])/i;
const hidden = /hash|sha\d|md5|hmac|digest|pseudonym|anonym|encrypt|mask|redact|opaque|uuid5/i;

function personalName({ text }: CallKey): string | undefined {
  if (hidden.test(text)) return undefined;
  if (address.test(text)) return 'email';
  // Words inside a text, and not a name in code, say nothing about what is sent.
  return personal.exec(text.replace(/(["'`])[^"'`\n]*\s[^"'`\n]*\1/g, ''))?.[1];
}

/** What identifies a person, in fields that the provider keeps. */
export function piiInMetadata(context: RuleContext): Advice[] {
  return context.calls.flatMap((call) =>
    [...call.keys].flatMap(([name, key]): Advice[] => {
      const found = metadataKey.test(name) ? personalName(key) : undefined;
      if (found === undefined) return [];
      return [
        {
          rule: 'pii-in-metadata',
          span: key.value,
          message: message(
            '{0} is stored by the provider, and {1} identifies a person. Send an id of your own or a keyed hash.',
            name,
            found,
          ),
          fixes: [],
        },
      ];
    }),
  );
}
