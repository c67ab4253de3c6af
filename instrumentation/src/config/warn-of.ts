import { isMainThread } from 'node:worker_threads';
import { ENV } from '@guardspan/policy/runtime';
import { sharedState } from '../guard/shared-state.js';
import type { SettingProblem } from './setting-problems.js';
import { shownUrl } from './shown-url.js';

const told = sharedState('warned-of.v1', () => new Set<string>());

/**
 * Tells whoever runs the application, once: a guard that is set up wrongly must not be silent. A warning of Node goes to standard error with its code, and `--disable-warning=GuardspanWarning`
 * or a listener of the application's own does with it what it wants. Never throws.
 */
export function warnOf({ code, message }: Pick<SettingProblem, 'code' | 'message'>): void {
  // Threads share the settings of their process.
  if (!isMainThread || told.has(message)) return;
  told.add(message);
  process.emitWarning(`Guardspan: ${message}`, { type: 'GuardspanWarning', code });
}

/** Tells that the evaluator does not take this process. @param why As the link says it. */
export function warnOfRefusal(endpoint: string, why: string): void {
  const remedy = `Set ${ENV.AGENT_TOKEN} or ${ENV.AGENT_TOKEN_FILE} to a token of an agent of this service.`;
  const holds = 'Until it does, guard-rails of the last run decide, if there are any.';
  const message = `the evaluator at ${shownUrl(endpoint)} does not take this process (${why}). ${holds} ${remedy}`;
  warnOf({ code: 'GUARDSPAN_AGENT_REFUSED', message });
}

/** Tells that the file of the token cannot be read. @param why Code of the system. */
export function warnOfTokenFile(file: string, why: string): void {
  const message = `the token file ${file} cannot be read (${why}). The evaluator is asked without a token until it can.`;
  warnOf({ code: 'GUARDSPAN_SETTING_INVALID', message });
}
