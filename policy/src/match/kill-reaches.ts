import type { KillSwitch } from '../channel/messages.js';

/** True when a kill switch of this scope stops a guard-rail for calls of a model by a service: empty fields match everything. */
export function killReaches(scope: KillSwitch['scope'], guardrail: string, model: string, service: string): boolean {
  return (
    (scope.guardrail === '' || scope.guardrail === guardrail) &&
    (scope.model === '' || scope.model === model) &&
    (scope.service === '' || scope.service === service)
  );
}
