import { getRuntime } from '../guard/runtime.js';
import type { ExternalDetector } from './types.js';

/**
 * Declares a detector outside of the guard by name, for example a classifier behind HTTP or a local model. Guard-rails name it under `uses` with a `deadline`;
 * what the name means is said here and nowhere else. A later declaration of the same name replaces the earlier one.
 */
export function declareDetector(detector: ExternalDetector): void {
  getRuntime().declareDetector(detector);
}
