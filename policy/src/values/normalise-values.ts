import type { z } from 'zod';
import type { valueRulesDocumentSchema } from './value-schema.js';
import type { ValueRule, ValueRules, ValueType } from './value-types.js';

type Authored = z.infer<typeof valueRulesDocumentSchema>;

/** Fills in what a document leaves out of the rules of its values. */
export function normaliseValues(rules: Authored): ValueRules {
  const names = Object.keys(rules).sort();
  return Object.fromEntries(names.map((name) => [name, normaliseRule(rules[name]!)]));
}

function normaliseRule({ type, min, max, oneOf, required }: Authored[string]): ValueRule {
  return {
    type: type ?? (min !== undefined || max !== undefined ? 'number' : typeOf(oneOf)),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(oneOf === undefined ? {} : { oneOf }),
    required: required ?? true,
  };
}

/** The one type of what is listed; `any` when there are several or nothing is listed. */
function typeOf(listed: ValueRule['oneOf']): ValueType {
  const types = new Set((listed ?? []).map((value) => typeof value));
  if (types.size !== 1) return 'any';
  const [only] = types;
  return only === 'boolean' ? 'bool' : (only as 'string' | 'number');
}
