import type { SuiteCase } from './cases.js';

interface Rule {
  readonly reason: string;
  /** Whether the rule explains a test with this outcome. */
  readonly explains: (test: SuiteCase, outcome: string) => boolean;
}

const expression =
  (pattern: RegExp): Rule['explains'] =>
  ({ expr }) =>
    pattern.test(expr);
const outcome =
  (pattern: RegExp): Rule['explains'] =>
  (_, text) =>
    pattern.test(text);

/** Why tests fail, the first rule that fits. A failure that no rule explains fails the test run. */
const RULES: readonly Rule[] = [
  // What the profile leaves out on purpose.
  {
    reason: 'profile: no protobuf messages',
    explains: ({ expr, bindings }, text) =>
      /TestAllTypes|google\.\s*protobuf/.test(expr) ||
      text.includes('objectValue') ||
      Object.values(bindings).some((value) => 'objectValue' in value),
  },
  { reason: 'profile: matches() is refused', explains: outcome(/^refused: matches\(\)/) },
  { reason: 'profile: comprehensions are not nested', explains: outcome(/nested too deeply/) },
  {
    reason: 'profile: every name and function is known when the document is loaded',
    explains: outcome(/^refused: ((Unknown variable: a|there is no variable "(a|x)" here)$|.*f_unknown)/),
  },
  { reason: 'profile: no containers', explains: ({ id }) => id.startsWith('namespace/') },
  { reason: 'profile: no bytes', explains: expression(/\bb[rR]?['"]|\bbytes\(/) },
  { reason: 'profile: no bytes', explains: outcome(/bytesValue/) },
  { reason: 'profile: no uint', explains: expression(/\d[uU]\b|\buint\(/) },
  { reason: 'profile: no variables that are null', explains: outcome(/cannot hold nullValue/) },
  // What is refused when a document is loaded, with a message; never a wrong answer.
  {
    reason: 'refused at load: items of a list, and keys and values of a map, have one type',
    explains: outcome(/^refused: (List elements|Map (key|value) uses)/),
  },
  {
    reason: 'refused at load: what is compared has one type',
    explains: outcome(/^refused: no such overload: list</),
  },
  { reason: 'refused at load: both branches of ?: have one type', explains: outcome(/^refused: Ternary/) },
  { reason: 'refused at load: && and || take bool only', explains: outcome(/^refused: Logical operator/) },
  { reason: 'refused at load: has() takes a field of a variable', explains: outcome(/^refused: has\(\)/) },
  {
    reason: 'refused at load: field names in backticks; write m["name"]',
    explains: outcome(/^refused: Unexpected character: `/),
  },
  { reason: 'refused at load: a number begins with a digit', explains: expression(/^\.99/) },
  {
    reason: 'refused at load: an operator on items of the literal [], whose type nothing tells',
    explains: ({ expr }, text) => expr.startsWith('[].') && text.startsWith('refused'),
  },
  {
    reason: 'refused at load: no conversion of a timestamp or duration to int or string',
    explains: outcome(/'(int|string)\(google/),
  },
  {
    reason: 'refused at load: duration + timestamp; write timestamp + duration',
    explains: outcome(/google\.protobuf\.Duration == google\.protobuf\.Timestamp/),
  },
  {
    reason: 'refused at load: no conversion of a timestamp or duration to itself',
    explains: outcome(/'(duration|timestamp)\(google/),
  },
  // What fails or differs while it is evaluated.
  {
    reason: 'engine: the range of timestamps and durations is not checked',
    explains: ({ id }) => /^timestamps\/(timestamp|duration)_range\//.test(id),
  },
  { reason: 'engine: whole numbers as keys of a map are strings', explains: outcome(/is not of type 'int'/) },
  { reason: 'engine: time zones are IANA names, not offsets without sign', explains: outcome(/Invalid time zone/) },
  {
    reason: 'engine: int and double are compared as doubles beyond 2^53',
    explains: expression(/dyn\(922337203685477580[78]/),
  },
  { reason: 'engine: int() of a double does not check the range', explains: expression(/^int\(-?[\d.e]+\)$/) },
  {
    reason: 'engine: negating or dividing the least int does not overflow',
    explains: expression(/-9223372036854775808/),
  },
  { reason: 'engine: the type of null is named null', explains: expression(/null_type|type\(null\)/) },
  {
    reason: 'engine: null as a key of a map, and a key written twice, are let through',
    explains: outcome(/^no error$/),
  },
  { reason: 'engine: times are kept in milliseconds', explains: expression(/timestamp\(.*999999999/) },
];

/** The reason of a failure; undefined when there is none. */
export function reasonOf(test: SuiteCase, text: string): string | undefined {
  return RULES.find((rule) => rule.explains(test, text))?.reason;
}
