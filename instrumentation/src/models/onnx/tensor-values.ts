import type { CallValue } from '@guardspan/policy/runtime';
import type { Capture } from '../../guard/types.js';

/** Tensors with more elements than this are left out: fifty numbers already cost more than the call of a small model. */
export const MAX_ELEMENTS = 64;

function scalar(value: unknown): CallValue {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  return null;
}

/** Elements of a tensor on the CPU; undefined for anything else and for tensors above {@link MAX_ELEMENTS}. */
export function elementsOf(tensor: unknown): CallValue[] | undefined {
  if (typeof tensor !== 'object' || tensor === null) return undefined;
  const { data, size } = tensor as { data?: unknown; size?: unknown };
  if (typeof size === 'number' && size > MAX_ELEMENTS) return undefined;
  if (!ArrayBuffer.isView(data) && !Array.isArray(data)) return undefined;
  const values = Array.from(data as unknown as ArrayLike<unknown>, scalar);
  return values.length > MAX_ELEMENTS ? undefined : values;
}

/** The only element of a tensor on the CPU; undefined for anything else. */
export function onlyElementOf(tensor: unknown): CallValue | undefined {
  if (typeof tensor !== 'object' || tensor === null || (tensor as { size?: unknown }).size !== 1) return undefined;
  return elementsOf(tensor)?.[0];
}

/** True when `wanted` names the value. */
export function wants(wanted: Capture['features'], name: string): boolean {
  return wanted === 'all' || (wanted !== 'none' && wanted.includes(name));
}

/** A map cut down to what is wanted. */
export function pick(
  values: { [name: string]: CallValue },
  wanted: Capture['features'],
): { [name: string]: CallValue } {
  if (wanted === 'all') return values;
  return Object.fromEntries(Object.entries(values).filter(([name]) => wants(wanted, name)));
}

/** Wanted tensors by name: one element as a scalar, more as a list. */
export function namedValues(
  tensors: Readonly<Record<string, unknown>>,
  wanted: Capture['features'],
): { [name: string]: CallValue } {
  const values: { [name: string]: CallValue } = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    if (!wants(wanted, name)) continue;
    const elements = elementsOf(tensor);
    if (elements) values[name] = elements.length === 1 ? elements[0]! : elements;
  }
  return values;
}
