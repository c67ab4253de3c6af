import { applyRedactions, detectText } from '@guardspan/policy/runtime';
import type { CallValue } from '@guardspan/policy/runtime';

/** A captured text that is longer is content rather than a category or a number of a customer. UTF-16 code units. */
export const MAX_TOLD = 256;
/** What is looked at of a long text. Masks are longer than what they hide only by a few, so this is far more than what is told. */
const MAX_LOOKED_AT = 65_536;
const MASKS = ['pii', 'secrets'] as const;
/** Everything, as detectors in documents that say no score. */
const EVERYTHING = { entities: [], minScore: 0.5 };
const CUT = '…';

type Values = { readonly [name: string]: CallValue };

/** Cut values of maps that had something to cut: span and feed tell the same, and it is cut once. */
const known = new WeakMap<object, Values>();

/** True when a value holds a text that is too long to be told whole. */
function tooLong(value: CallValue): boolean {
  if (typeof value === 'string') return value.length > MAX_TOLD;
  if (typeof value !== 'object' || value === null) return false;
  for (const item of Object.values(value)) if (tooLong(item)) return true;
  return false;
}

/**
 * A text as it leaves the process: whole up to {@link MAX_TOLD}, else masked and then cut inside. In this order, because half of a secret is not recognised as one.
 */
export function toldText(text: string): string {
  if (text.length <= MAX_TOLD) return text;
  const looked = text.slice(0, MAX_LOOKED_AT);
  const found = MASKS.flatMap((detector) => detectText(detector, looked, EVERYTHING));
  const masked = applyRedactions(
    looked,
    found.map(({ entity, start, end }) => ({ start, end, replacement: `<${entity}>` })),
  );
  // So little is left of so much only when the end, where something may begin that was not looked at, is near.
  if (masked.length <= MAX_TOLD && looked.length < text.length) return CUT;
  if (masked.length <= MAX_TOLD) return masked;
  const half = /[\uD800-\uDBFF]/.test(masked[MAX_TOLD - 1]!);
  return masked.slice(0, half ? MAX_TOLD - 1 : MAX_TOLD) + CUT;
}

function told(value: CallValue): CallValue {
  if (typeof value === 'string') return toldText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(told);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, told(item)]));
}

/** Captured values as they leave the process: the same map when no text in it is too long, which is nearly always. */
export function toldValues<T extends Values>(values: T): T {
  for (const name in values) {
    if (!tooLong(values[name]!)) continue;
    let cut = known.get(values);
    if (cut === undefined) known.set(values, (cut = told(values as { [name: string]: CallValue }) as Values));
    return cut as T;
  }
  return values;
}
