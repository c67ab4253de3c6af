import { canonicalJson } from '../canonical/canonical-json.js';
import type { RevisedGuardrail } from './types.js';

/** A field of the normal form that differs. `undefined`: it is not there. */
export interface FieldChange {
  /** E.g. `spec.over.signals.p95.q`. */
  path: string;
  before: unknown;
  after: unknown;
}

/** How one guard-rail differs between two sets. */
export interface GuardrailChange {
  name: string;
  change: 'added' | 'removed' | 'changed';
  /** Revisions; empty where there is none. */
  before: string;
  after: string;
  /** Differences of meaning; empty for what was added or removed. */
  fields: FieldChange[];
}

/**
 * What differs in meaning between two sets of guard-rails, sorted by name. Layout, comments, order of keys and written-out defaults are no differences,
 * because normal forms are compared.
 */
export function diffGuardrails(
  before: readonly RevisedGuardrail[],
  after: readonly RevisedGuardrail[],
): GuardrailChange[] {
  const old = byName(before);
  const next = byName(after);
  const changes: GuardrailChange[] = [];
  for (const name of [...new Set([...old.keys(), ...next.keys()])].sort()) {
    const was = old.get(name);
    const is = next.get(name);
    if (was?.revision === is?.revision) continue;
    changes.push({
      name,
      change: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed',
      before: was?.revision ?? '',
      after: is?.revision ?? '',
      fields: was === undefined || is === undefined ? [] : fieldChanges(was.guardrail, is.guardrail, ''),
    });
  }
  return changes;
}

function byName(list: readonly RevisedGuardrail[]): Map<string, RevisedGuardrail> {
  return new Map(list.map((revised) => [revised.guardrail.metadata.name, revised]));
}

function fieldChanges(before: unknown, after: unknown, path: string): FieldChange[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  // Lists have no keys: they are shown whole.
  if (!isMap(before) || !isMap(after)) return [{ path, before, after }];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => fieldChanges(before[key], after[key], path === '' ? key : `${path}.${key}`));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
