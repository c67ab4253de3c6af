import fc from 'fast-check';
import type { Variables } from '../../src/condition/variables.js';

/** The variables that generated expressions read; `rows` holds maps, `dyn` values whose type the document does not fix. */
export const EXPRESSION_VARIABLES: Variables = {
  a: 'double',
  b: 'double',
  s: 'string',
  flag: 'bool',
  m: { x: 'double', name: 'string', tags: 'list<string>', numbers: 'list<double>' },
  dyn: 'map<string, dyn>',
  rows: 'list<dyn>',
};

const double = fc.oneof(fc.constantFrom(0, 1, 2, 3, -1, 1.5, Infinity, NaN), fc.double());
const word = fc.constantFrom('', 'a', 'b', 'ab', 'Ünï', '🐱a');

// @bufbuild/cel takes no objects without prototype.
const PLAIN = { noNullPrototype: true } as const;

/** Values of the variables. A key of `dyn` may be missing or hold a value of another type. */
export const expressionContext = fc.record(
  {
    a: double,
    b: double,
    s: word,
    flag: fc.boolean(),
    m: fc.record(
      { x: double, name: word, tags: fc.array(word, { maxLength: 3 }), numbers: fc.array(double, { maxLength: 3 }) },
      PLAIN,
    ),
    dyn: fc.record(
      { n: fc.oneof(double, word), t: fc.oneof(word, fc.boolean()), f: fc.boolean() },
      { ...PLAIN, requiredKeys: [] },
    ),
    rows: fc.array(fc.record({ name: word, n: double }, { ...PLAIN, requiredKeys: ['name'] }), { maxLength: 3 }),
  },
  PLAIN,
);

const doubleLiteral = fc.constantFrom('0.0', '1.0', '2.0', '3.0', '0.5', '-1.5', '1e3');
const intLiteral = fc.constantFrom('0', '1', '2', '3', '7', '-4', '9223372036854775807');
const stringLiteral = fc.constantFrom("'a'", "'b'", '""', "'ab'", "r'a'", "'\\u00dcn'");
const timestampLiteral = fc.constantFrom(
  "timestamp('2027-01-01T00:00:00Z')",
  "timestamp('2027-01-01T01:30:00+01:00')",
  "timestamp('1969-12-31T23:59:59.5Z')",
);
const durationLiteral = fc.constantFrom("duration('1h')", "duration('60m')", "duration('-90s')", "duration('1.5s')");
const order = fc.constantFrom('<', '<=', '>', '>=', '==', '!=');
const infix = ([left, op, right]: [string, string, string]): string => `(${left} ${op} ${right})`;

/** Conditions of guard CEL that standard CEL accepts as they are written: ints meet ints, doubles meet doubles. */
export const { bool: standardCondition } = fc.letrec<{
  num: string;
  int: string;
  str: string;
  time: string;
  item: string;
  bool: string;
}>((tie) => ({
  num: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('a', 'b', 'm.x', 'dyn.n', 'dyn["n"]'),
    doubleLiteral,
    fc.tuple(tie('num'), fc.constantFrom('+', '-', '*', '/'), tie('num')).map(infix),
    // Not twice: the oracle drops a double negation, also before a text.
    tie('num').map((inner) => (inner.startsWith('-') ? inner : `-(${inner})`)),
    fc.tuple(tie('bool'), tie('num'), tie('num')).map(([c, x, y]) => `(${c} ? ${x} : ${y})`),
    tie('int').map((inner) => `double(${inner})`),
  ),
  int: fc.oneof(
    { maxDepth: 3 },
    intLiteral,
    fc.tuple(tie('int'), fc.constantFrom('+', '-', '*', '/', '%'), tie('int')).map(infix),
    tie('str').map((inner) => `size(${inner})`),
    fc.constantFrom('size(m.tags)', 'size(rows)', 'm.numbers.size()', 'size(dyn)'),
    timestampLiteral.chain((t) => fc.constantFrom(`${t}.getFullYear()`, `${t}.getDayOfWeek()`, `${t}.getHours()`)),
  ),
  str: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom('s', 'm.name', 'dyn.t'),
    stringLiteral,
    fc.tuple(tie('str'), fc.constant('+'), tie('str')).map(infix),
    fc.tuple(tie('bool'), tie('str'), tie('str')).map(([c, x, y]) => `(${c} ? ${x} : ${y})`),
  ),
  time: fc.oneof(
    fc.tuple(durationLiteral, order, durationLiteral).map(infix),
    fc.tuple(timestampLiteral, order, timestampLiteral).map(infix),
    fc
      .tuple(timestampLiteral, fc.constantFrom('+', '-'), durationLiteral, order, timestampLiteral)
      .map(([t, op, d, compare, u]) => `(${t} ${op} ${d} ${compare} ${u})`),
  ),
  // What a comprehension says about one item; the item is named after its list, so that no comprehension stands in another.
  item: fc.oneof(
    fc.tuple(fc.constant('i'), order, fc.constantFrom('a', 'm.x', '1.0')).map(infix),
    fc.tuple(fc.constant('i'), fc.constant('!='), fc.constant('i')).map(infix),
    fc.constantFrom('i / 2.0 > b', 'i in [1.0, 2.0]', 'flag'),
  ),
  bool: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('flag', 'true', 'false', 'dyn.f', 'has(dyn.n)', 'has(m.x)', "'n' in dyn", 's in m.tags'),
    fc.tuple(tie('num'), order, tie('num')).map(infix),
    fc.tuple(tie('int'), order, tie('int')).map(infix),
    fc.tuple(tie('str'), order, tie('str')).map(infix),
    tie('time'),
    fc
      .tuple(tie('str'), fc.constantFrom('contains', 'startsWith', 'endsWith'), tie('str'))
      .map(([x, f, y]) => `${x}.${f}(${y})`),
    fc
      .tuple(tie('str'), fc.array(stringLiteral, { minLength: 1, maxLength: 3 }))
      .map(([x, list]) => `(${x} in [${list.join(', ')}])`),
    fc.tuple(tie('bool'), fc.constantFrom('&&', '||'), tie('bool')).map(infix),
    tie('bool').map((inner) => `!(${inner})`),
    fc.tuple(tie('bool'), tie('bool'), tie('bool')).map(([c, x, y]) => `(${c} ? ${x} : ${y})`),
    fc
      .tuple(fc.constantFrom('all', 'exists', 'exists_one'), tie('item'))
      .map(([macro, inner]) => `m.numbers.${macro}(i, ${inner})`),
    fc
      .tuple(fc.constantFrom('filter', 'map'), tie('item'), fc.constantFrom('==', '>'), intLiteral)
      .map(([macro, inner, op, n]) => `(size(m.numbers.${macro}(i, ${inner})) ${op} ${n})`),
    fc.constantFrom(
      "rows.exists(r, r.name == 'a')",
      'rows.all(r, has(r.n) && r.n > a)',
      "rows.exists(r, r.n > 1.0 || r.name.startsWith('a'))",
      "m.tags.exists_one(t, t == s || 'a' in m.tags)",
    ),
  ),
}));

/**
 * Comparisons in which whole numbers meet doubles, as people write them. `#` stands before each whole number: nothing in guard CEL's form (`2 * a`),
 * and `.0` after it in the form that standard CEL needs (`2.0 * a`).
 */
export const { bool: mixedCondition } = fc.letrec<{ num: string; bool: string }>((tie) => ({
  num: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('a', 'b', 'm.x', 'dyn.n'),
    fc
      .tuple(
        tie('num'),
        fc.constantFrom('+', '-', '*', '/'),
        fc.nat(9).map((n) => `#${n}`),
      )
      .map(infix),
    fc
      .tuple(
        fc.nat(9).map((n) => `#${n}`),
        fc.constantFrom('+', '-', '*', '/'),
        tie('num'),
      )
      .map(infix),
    fc.tuple(tie('num'), fc.constantFrom('+', '-', '*', '/'), tie('num')).map(infix),
  ),
  bool: fc.oneof(
    { maxDepth: 2 },
    fc
      .tuple(
        tie('num'),
        order,
        fc.nat(9).map((n) => `#${n}`),
      )
      .map(infix),
    fc
      .tuple(
        fc.nat(9).map((n) => `#${n}`),
        order,
        tie('num'),
      )
      .map(infix),
    fc.tuple(tie('bool'), fc.constantFrom('&&', '||'), tie('bool')).map(infix),
  ),
}));
