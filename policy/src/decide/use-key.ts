import type { DetectorUse } from '../document/types.js';
import type { ToolLimit } from './tool-limit.js';

/** Identifies what a use asks; equal for uses that give the same findings. */
export function useKey(use: DetectorUse): string {
  let key = keys.get(use);
  if (key === undefined) keys.set(use, (key = keyOf(use)));
  return key;
}

/** {@link useKey} of a use that may look only into the arguments of some tools. */
export function limitedKey(use: DetectorUse, limit: ToolLimit | undefined): string {
  return limit === undefined ? useKey(use) : `${useKey(use)}|tools ${limit.key}`;
}

/** Keys of the uses of loaded guard-rails, so that a call builds none. */
const keys = new WeakMap<DetectorUse, string>();

function keyOf(use: DetectorUse): string {
  return `${use.external === undefined ? '' : 'external:'}${use.detector}${use.pack?.revision ?? ''}|${use.entities.join(',')}|${use.minScore}${use.values === undefined ? '' : `|${use.on}|${JSON.stringify(use.values)}`}`;
}
