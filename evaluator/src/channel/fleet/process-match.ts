import { compileGlobs, createModelCall, matchesCall } from '@guardspan/policy';
import type { AgentResource, Match, ModelCall } from '@guardspan/policy';

/** What of a process decides which guard-rails and directives it is told about. */
export type ProcessIdentity = Pick<AgentResource, 'service' | 'environment'>;

/** A process that is told directives, and how much of the language it carries out. */
export interface Listener extends ProcessIdentity {
  readonly featureLevel: number;
}

/** What of a connected process the channel asks. */
export function listenerOf({ resource, featureLevel }: { resource: ProcessIdentity; featureLevel: number }): Listener {
  return { service: resource.service, environment: resource.environment, featureLevel };
}

/** True when calls of this process can match at all: only the keys of `match` that a process has are looked at. */
export function matchesProcess(match: Match, { service, environment }: ProcessIdentity): boolean {
  return matchesGlobs(match.services, service) && matchesGlobs(match.environments, environment);
}

function matchesGlobs(globs: readonly string[], value: string): boolean {
  return compileGlobs(globs)?.(value) ?? true;
}

/** True when calls of this model (and version, empty or `*` when unknown) can match: only `models` and `versions` are looked at. */
export function matchesModel(match: Match, model: string, version: string): boolean {
  const call: ModelCall = createModelCall();
  call.model.name = model;
  call.model.version = version;
  const unknownVersion = version === '' || version === '*';
  return matchesCall(
    {
      ...ANY_CALL,
      services: [],
      environments: [],
      models: model === '*' ? [] : match.models,
      versions: unknownVersion ? [] : match.versions,
    },
    call,
  );
}

/** True when the scope of a directive can hold for calls of this process. */
export function scopeReaches(scope: { [field: string]: string }, identity: ProcessIdentity): boolean {
  if (scope['service'] !== undefined && scope['service'] !== identity.service) return false;
  return scope['environment'] === undefined || scope['environment'] === identity.environment;
}

const ANY_CALL = { models: [], versions: [], tenants: [], operations: [], featureViews: [] } satisfies Partial<Match>;
