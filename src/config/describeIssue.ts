import type { z } from 'zod';

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function listed(values: readonly unknown[]): string {
  const texts = values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value)));
  return texts.length === 1 ? String(texts[0]) : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}

function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const small = issue.code === 'too_small';
  const limit = Number(small ? issue.minimum : issue.maximum);
  if (issue.origin === 'string' && small) return 'must not be empty';
  if (issue.origin === 'string') return `must have at most ${limit} characters`;
  if (issue.origin === 'array') return `must have at ${small ? 'least' : 'most'} ${limit}`;
  if (issue.inclusive === false) return `must be ${small ? 'more' : 'less'} than ${limit}`;
  return `must be at ${small ? 'least' : 'most'} ${limit}`;
}

/** Whether the definition itself says what is wrong; zod's own messages all begin like this. */
function isOurs(message: string): boolean {
  return !/^(?:Invalid|Too |Unrecognized)/.test(message);
}

/** What a value must be, as the end of a sentence: `must be at least 1`. */
export function describeIssue(issue: z.core.$ZodIssue): string {
  if (isOurs(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${listed(issue.values)}`;
    case 'too_small':
    case 'too_big':
      return bound(issue);
    case 'invalid_key':
      return issue.issues[0] === undefined ? 'is no name' : describeIssue(issue.issues[0]);
    case 'invalid_union': {
      const ways = issue.errors.flatMap((errors) => errors.slice(0, 1).map(describeIssue));
      return ways.length === 0 ? 'is of no kind that is known here' : [...new Set(ways)].join(', or ');
    }
    default:
      return 'is not valid here';
  }
}
