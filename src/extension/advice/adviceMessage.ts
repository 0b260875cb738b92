import type { Message } from '../../advice/advice.ts';
import type { RuleId } from '../../advice/ruleIds.ts';
import type { Translate } from '../translate.ts';

/** A message of the rules in the user's language. */
export function adviceText({ text, values }: Message, t: Translate): string {
  return t(text, ...values);
}

/** The page of a rule within the extension's folder. */
export const adviceFile = (rule: RuleId): string => `docs/advice/${rule}.md`;

/** The page of a rule for a browser. */
export const adviceUrl = (rule: RuleId): string =>
  `https://github.com/tollgate-dev/tollgate/blob/main/${adviceFile(rule)}`;
