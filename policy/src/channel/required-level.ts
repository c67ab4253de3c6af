import { PACK_PREFIX } from '../document/pack/pack-types.js';
import { SCOPING_KEYS } from '../document/scoping-types.js';
import type { Guardrail } from '../document/types.js';

const NARROWING = ['where', 'overrides', 'rollout', 'expires'] as const;

/** The feature level that a process must speak to carry out a guard-rail: an older one would drop keys that it does not know and act on other calls. */
export function requiredLevel({ spec }: Guardrail): number {
  // An older one knows neither action.
  if (spec.action.type === 'rewrite' || spec.action.type === 'sample') return 6;
  // An older one would redact every text.
  if (spec.action.type === 'redact' && spec.action.tools !== undefined) return 5;
  // An older one knows these keys, and asks them of inline guard-rails only.
  if (spec.over !== null && NARROWING.some((key) => spec[key] !== undefined)) return 4;
  const uses = Object.values(spec.uses);
  if (uses.some(({ values }) => values !== undefined)) return 4;
  const packs = uses.some(({ detector }) => detector.startsWith(PACK_PREFIX));
  if (spec.exceptions !== undefined || packs) return 3;
  return spec.rego !== undefined || SCOPING_KEYS.some((key) => spec[key] !== undefined) ? 2 : 1;
}
