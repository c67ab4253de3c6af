import type { z } from 'zod';

/** What the kinds of values are called where people write them. */
const KINDS: { readonly [kind: string]: string } = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  NaN: 'no number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  null: 'nothing',
  undefined: 'nothing',
};

/** What is expected of a text whose form has a name. */
const FORMATS: { readonly [format: string]: string } = {
  date: 'a date like 2026-01-31',
  datetime: 'a time like 2026-01-31T12:00:00Z',
  duration: 'a duration like PT5M',
  url: 'a URL like https://example.com',
  email: 'an address like someone@example.com',
  uuid: 'a UUID',
};

/** How the library begins the messages that it makes itself; other messages are a schema's own words. */
const MADE = /^(?:Invalid|Too (?:small|big)|Unrecognized)/;

const kindOf = (kind: string): string => KINDS[kind] ?? `a value of the kind ${kind}`;

const quoted = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : String(value));
const listOf = (values: readonly unknown[]): string => values.map(String).join(', ');

/** `3 entries` of a list, `3 characters` of a text, `3` of numbers. */
function amount(origin: string, count: number | bigint): string {
  const one = Number(count) === 1;
  if (origin === 'string') return `${count} ${one ? 'character' : 'characters'}`;
  if (origin === 'array' || origin === 'set') return `${count} ${one ? 'entry' : 'entries'}`;
  if (origin === 'object' || origin === 'map' || origin === 'record') return `${count} ${one ? 'key' : 'keys'}`;
  return String(count);
}

function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const small = issue.code === 'too_small';
  const limit = amount(issue.origin, small ? issue.minimum : issue.maximum);
  const verb = limit.includes(' ') ? 'have' : 'be';
  if (issue.inclusive === false) return `must ${verb} ${small ? 'more' : 'less'} than ${limit}`;
  return `must ${verb} at ${small ? 'least' : 'most'} ${limit}`;
}

/**
 * What a schema complains about, in words that fit behind the name of a field: `must be a text, but it is a number`. Messages that a schema brings itself stay.
 */
export function sayIssue(issue: z.core.$ZodIssue): string {
  if (!MADE.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type': {
      const received = /received (\w+)/.exec(issue.message)?.[1];
      if (received === 'undefined') return 'is missing';
      if (issue.expected === 'int') return `must be ${kindOf('int')}`;
      return `must be ${kindOf(issue.expected)}${received === undefined ? '' : `, but it is ${kindOf(received)}`}`;
    }
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${quoted(issue.values[0])}`
        : `must be one of ${listOf(issue.values)}`;
    case 'too_small':
    case 'too_big':
      return bound(issue);
    case 'invalid_format':
      if (FORMATS[issue.format] !== undefined) return `must be ${FORMATS[issue.format]}`;
      return issue.pattern === undefined ? `must be written as ${issue.format}` : `must match ${issue.pattern}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `unknown ${issue.keys.length === 1 ? 'key' : 'keys'} ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
    case 'invalid_union':
      return 'fits none of the forms that it may have';
    case 'invalid_key':
      return `is no key that may stand here: ${issue.issues[0] === undefined ? 'is wrong' : sayIssue(issue.issues[0])}`;
    default:
      return issue.message;
  }
}
