import { createRequire } from 'node:module';
import { re2Sets } from '@guardspan/policy/runtime';
import type { MakePatternSet, Re2SetClass } from '@guardspan/policy/runtime';

interface Re2Module {
  Set?: Re2SetClass;
}

/**
 * The native engine of the npm package `re2` where the application has it installed, null otherwise: it is optional, of 90 MB, and only saves time.
 */
export function nativeSets(load: (name: string) => unknown = createRequire(import.meta.url)): MakePatternSet | null {
  try {
    const { Set } = load('re2') as Re2Module;
    return Set === undefined ? null : re2Sets(Set);
  } catch {
    // Not installed, or built for another Node: what ships does without it.
    return null;
  }
}
