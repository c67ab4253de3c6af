import { compileCondition, environmentFor } from '../../../src/condition/compile-condition.js';
import type { Variables, VariableType } from '../../../src/condition/variables.js';
import type { SuiteCase, SuiteValue } from './cases.js';

/** A value of a variable, as a call would carry it: every number is a double. */
function toInput(value: SuiteValue): { type: VariableType; value: unknown } {
  const [kind, held] = Object.entries(value)[0]!;
  switch (kind) {
    case 'int64Value':
    case 'uint64Value':
    case 'doubleValue':
      return { type: 'double', value: Number(held) };
    case 'stringValue':
      return { type: 'string', value: held };
    case 'boolValue':
      return { type: 'bool', value: held };
    case 'listValue': {
      const { values = [] } = held as { values?: SuiteValue[] };
      return { type: 'list<dyn>', value: values.map((item) => toInput(item).value) };
    }
    case 'mapValue': {
      const { entries = [] } = held as { entries?: { key: SuiteValue; value: SuiteValue }[] };
      const pairs = entries.map(({ key, value: item }) => [String(toInput(key).value), toInput(item).value]);
      return { type: 'map<string, dyn>', value: Object.fromEntries(pairs) };
    }
    default:
      throw new Error(`variables cannot hold ${kind}`);
  }
}

/** Whether a value of the engine is the one that the suite wants. */
function equals(actual: unknown, expected: SuiteValue): boolean {
  const [kind, wanted] = Object.entries(expected)[0]!;
  switch (kind) {
    case 'nullValue':
      return actual === null;
    case 'boolValue':
    case 'stringValue':
      return actual === wanted;
    case 'doubleValue':
      return typeof actual === 'number' && (actual === Number(wanted) || (actual !== actual && wanted === 'NaN'));
    case 'int64Value':
      // A whole number of a call is a double; of a literal, an int.
      return (typeof actual === 'bigint' || typeof actual === 'number') && String(actual) === String(wanted);
    case 'uint64Value':
      return typeof actual === 'object' && actual !== null && String(actual) === String(wanted);
    case 'bytesValue':
      return actual instanceof Uint8Array && Buffer.from(actual).toString('base64') === wanted;
    case 'typeValue':
      return typeof actual === 'object' && (actual as { name?: unknown } | null)?.name === wanted;
    case 'listValue': {
      const { values = [] } = wanted as { values?: SuiteValue[] };
      return (
        Array.isArray(actual) &&
        actual.length === values.length &&
        values.every((item, index) => equals(actual[index], item))
      );
    }
    case 'mapValue': {
      const { entries = [] } = wanted as { entries?: { key: SuiteValue; value: SuiteValue }[] };
      if (typeof actual !== 'object' || actual === null) return false;
      const held = actual instanceof Map ? [...(actual as Map<unknown, unknown>)] : Object.entries(actual);
      return (
        held.length === entries.length &&
        entries.every(({ key, value }) => held.some(([name, item]) => equals(name, key) && equals(item, value)))
      );
    }
    default:
      return false;
  }
}

function valueOf({ expr, value, bindings }: SuiteCase): unknown {
  const inputs = Object.entries(bindings).map(([name, bound]) => [name, toInput(bound)] as const);
  const variables: Variables = Object.fromEntries(inputs.map(([name, input]) => [name, input.type]));
  const context = Object.fromEntries(inputs.map(([name, input]) => [name, input.value]));
  // What is true or false goes the way of a guard-rail's condition; other values need the engine below it.
  if (value !== undefined && 'boolValue' in value) return compileCondition(expr, variables, 'bool').evaluate(context);
  const parsed = environmentFor(variables).parse(expr);
  const checked = parsed.check();
  if (!checked.valid) throw checked.error!;
  return parsed(context);
}

/** What guard CEL makes of a test: `pass`, or what came out instead. */
export function runCase(test: SuiteCase): string {
  let actual: unknown;
  try {
    actual = valueOf(test);
  } catch (error) {
    return test.value === undefined ? 'pass' : `refused: ${(error as Error).message.split('\n')[0]!}`;
  }
  if (test.value !== undefined && equals(actual, test.value)) return 'pass';
  return test.value === undefined ? 'no error' : 'another value';
}
