import { patchClient } from './clients.js';
import type { ClientModule } from './clients.js';
import { processHost } from '../sdk/host.js';

/**
 * Patches a client module that the loader hooks cannot see, for example in a bundle: `instrument('openai', await import('openai'))`.
 * Returns false, and warns through `diag`, when nothing in it could be patched. Patching twice does nothing. Never throws.
 */
export function instrument(module: ClientModule, exports: unknown): boolean {
  return patchClient(module, exports, '', processHost) !== null;
}
