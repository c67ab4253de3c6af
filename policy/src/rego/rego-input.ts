import type { CallValue, ModelCall } from '../call/model-call.js';
import { availableAt, FIELD_PHASE } from '../call/field-phase.js';
import type { InlinePoint } from '../document/types.js';
import type { RegoInput } from './types.js';

/**
 * The input document of a policy (docs/rego.md). Fields that do not exist yet at the point are absent, and so are numbers that nobody knows: JSON has no NaN,
 * and in Rego `null < 5` is true where an absent value makes the rule undefined.
 */
export function regoInput(point: InlinePoint, call: ModelCall, detectors: RegoInput['detectors']): RegoInput {
  const fields: RegoInput['call'] = {};
  for (const [name, value] of Object.entries(call)) {
    const phase = FIELD_PHASE[name];
    if (phase === undefined || !availableAt(phase, point)) continue;
    const known = withoutUnknown(value as CallValue);
    if (known !== undefined) fields[name] = known;
  }
  return { point, call: fields, detectors };
}

function withoutUnknown(value: CallValue): CallValue | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withoutUnknown(item) ?? null);
  const kept: { [key: string]: CallValue } = {};
  for (const key of Object.keys(value)) {
    const known = withoutUnknown(value[key]!);
    if (known !== undefined) kept[key] = known;
  }
  return kept;
}
