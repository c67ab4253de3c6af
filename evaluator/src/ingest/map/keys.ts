import { ATTR, GEN_AI, OPENINFERENCE, OPENLLMETRY } from '@guardspan/policy';
import { KeyTable } from '../wire/key-table.js';

const KEYS = [
  ...new Set([
    ...Object.values(ATTR).filter((name) => !name.endsWith('.')),
    ...Object.values(GEN_AI),
    ...Object.values(OPENLLMETRY),
    ...Object.values(OPENINFERENCE),
  ]),
];

/** The attribute keys that mappers read; text content is none of them, so that it is skipped undecoded. */
export const CALL_KEYS = new KeyTable(KEYS, [ATTR.ATTRS_PREFIX, ATTR.GROUP_PREFIX, ATTR.TRUTH_PREFIX]);

/** Slot of a key that {@link CALL_KEYS} holds. Throws when it holds none, at module load. */
export function slot(key: string): number {
  const found = CALL_KEYS.slotOf(key);
  if (found === undefined) throw new Error(`No mapper reads ${key}`);
  return found;
}
