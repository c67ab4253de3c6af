import { getRuntime } from '../guard/runtime.js';
import type { Rewriter } from '../rewrite/types.js';

/**
 * Declares a rewriter of this process by name, for example `declareRewriter('formal-tone', {rewrite: (text) => formal(text)})`. Guard-rails name it (`rewrite: {by}`); what
 * the name means is said here and nowhere else. A later declaration of the same name replaces the earlier one.
 */
export function declareRewriter(name: string, rewriter: Omit<Rewriter, 'name'>): void {
  getRuntime().declareRewriter({ ...rewriter, name });
}
