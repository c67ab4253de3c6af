import type { Guardrail, Mode } from './types.js';
import { MODES } from './types.js';
import { compileGlobs } from '../match/compile-match.js';

/** The mode of a guard-rail for calls of an environment: that of the first override whose globs match, or its own. */
export function effectiveMode({ mode, overrides }: Guardrail['spec'], environment: string): Mode {
  for (const override of overrides ?? []) {
    if (compileGlobs(override.environments)?.(environment) ?? true) return override.mode;
  }
  return mode;
}

/**
 * The mode of a series of a windowed guard-rail. Calls of several environments in one series have the strictest mode that any of them may have; each process
 * still acts by the mode of its own environment.
 */
export function seriesMode(spec: Guardrail['spec'], series: { readonly [field: string]: string }): Mode {
  const environment = series['environment'];
  return environment === undefined ? strictestMode(spec) : effectiveMode(spec, environment);
}

/** The strictest mode that a guard-rail has in any environment: what decides about approval and publication. */
export function strictestMode({ mode, overrides }: Guardrail['spec']): Mode {
  return MODES[Math.max(...[mode, ...(overrides ?? []).map((one) => one.mode)].map((one) => MODES.indexOf(one)))]!;
}
