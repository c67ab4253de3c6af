import type { SerializedIncrementalTestSuite } from '@bufbuild/cel-spec/testdata/tests.js';
import { tests } from '@bufbuild/cel-spec/testdata/conformance.js';

/** The files of the suite that guard CEL answers for; {@link UNCLAIMED} says why the others are left out. */
export const CLAIMED = [
  'basic',
  'comparisons',
  'conversions',
  'fields',
  'fp_math',
  'integer_math',
  'lists',
  'logic',
  'macros',
  'namespace',
  'parse',
  'plumbing',
  'string',
  'timestamps',
] as const;

/** The files of the suite that are about what guard CEL does not have, by name, with what that is. */
export const UNCLAIMED: Readonly<Record<string, string>> = {
  bindings_ext: 'extension cel.bind',
  block_ext: 'extension cel.block',
  dynamic: 'protobuf messages',
  encoders_ext: 'extension base64',
  enums: 'protobuf enums',
  macros2: 'extension of comprehensions with two variables',
  math_ext: 'extension math',
  optionals: 'extension of optional values',
  proto2: 'protobuf messages',
  proto2_ext: 'protobuf extensions',
  proto3: 'protobuf messages',
  string_ext: 'extension of strings',
  type_deductions: 'types that a checker gives; guard CEL shows none, and its own tests cover what it refuses',
  unknowns: 'evaluation with unknown values (the file is empty)',
  wrappers: 'protobuf wrappers',
};

/** A value as the suite writes it: an object with one key, such as `int64Value`. */
export type SuiteValue = Readonly<Record<string, unknown>>;

/** One test of the suite. */
export interface SuiteCase {
  /** `file/section/name`; a number is added where the suite uses a name twice. */
  readonly id: string;
  readonly expr: string;
  /** The value that must come out; undefined when an error must. */
  readonly value: SuiteValue | undefined;
  readonly bindings: Readonly<Record<string, SuiteValue>>;
}

interface Original {
  readonly name?: string;
  readonly expr: string;
  readonly value?: SuiteValue;
  readonly evalError?: object;
  readonly bindings?: Readonly<Record<string, { readonly value: SuiteValue }>>;
}

/** Names of all files of the suite. */
export const suiteFiles: readonly string[] = (tests.suites ?? []).map((suite) => suite.name);

/** The tests of the claimed files, in the order of the suite. */
export function claimedCases(): SuiteCase[] {
  const cases: SuiteCase[] = [];
  const seen = new Map<string, number>();
  const visit = (suite: SerializedIncrementalTestSuite, path: string): void => {
    for (const test of suite.tests ?? []) {
      const original = test.original as Original;
      const name = `${path}/${original.name ?? original.expr}`;
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      cases.push({
        id: times === 1 ? name : `${name}#${times}`,
        expr: original.expr,
        // The suite means `true` where a test says nothing about its result.
        value: original.value ?? (original.evalError === undefined ? { boolValue: true } : undefined),
        bindings: Object.fromEntries(
          Object.entries(original.bindings ?? {}).map(([variable, { value }]) => [variable, value]),
        ),
      });
    }
    for (const inner of suite.suites ?? []) visit(inner, `${path}/${inner.name}`);
  };
  for (const suite of tests.suites ?? []) if (CLAIMED.some((name) => name === suite.name)) visit(suite, suite.name);
  return cases;
}
