import { getRuntime } from '../guard/runtime.js';
import type { TargetDefinition } from '../guard/types.js';

/**
 * Declares a reroute or fallback target of this process by name, for example `declareTarget({name: 'small', params: {model: 'gpt-4o-mini'}})`. Guard-rails
 * name targets; what a name means is said here and nowhere else. A later declaration of the same name replaces the earlier one.
 */
export function declareTarget(target: TargetDefinition): void {
  getRuntime().declareTarget(target);
}
