import type { CallValue } from '../call/model-call.js';
import type { ValueFinding, ValueIssue, ValueRule, ValueRules, Values } from './value-types.js';

type Check = (value: CallValue | undefined) => ValueIssue | null;

/** Rules that are ready to be asked for each call, once for each object of rules. */
const compiled = new WeakMap<ValueRules, readonly { name: string; check: Check }[]>();

/**
 * The values that are not what they have to be, by name. A number that is not a number (NaN) is missing: that is how tables write "unknown". Findings hold names
 * and kinds, never a value. Pure; never throws.
 */
export function checkValues(rules: ValueRules, values: Values): ValueFinding[] {
  let checks = compiled.get(rules);
  if (checks === undefined) {
    checks = Object.keys(rules)
      .sort()
      .map((name) => ({ name, check: compile(rules[name]!) }));
    compiled.set(rules, checks);
  }
  const findings: ValueFinding[] = [];
  for (const { name, check } of checks) {
    const issue = check(Object.hasOwn(values, name) ? values[name] : undefined);
    if (issue !== null) findings.push({ name, issue });
  }
  return findings;
}

function compile({ type, min = -Infinity, max = Infinity, oneOf, required }: ValueRule): Check {
  const known = oneOf === undefined ? null : new Set<CallValue>(oneOf);
  return (value) => {
    if (value === undefined || value === null || Number.isNaN(value)) return required ? 'missing' : null;
    if (!hasType(value, type)) return 'type';
    if (typeof value === 'number' && !(Number.isFinite(value) && value >= min && value <= max)) return 'range';
    return known === null || known.has(value) ? null : 'vocabulary';
  };
}

function hasType(value: CallValue, type: ValueRule['type']): boolean {
  switch (type) {
    case 'any':
      return true;
    case 'integer':
      // An infinite number is a number out of range.
      return typeof value === 'number' && (Number.isInteger(value) || !Number.isFinite(value));
    case 'bool':
      return typeof value === 'boolean';
    default:
      return typeof value === type;
  }
}
