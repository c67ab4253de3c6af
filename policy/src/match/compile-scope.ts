import type { ModelCall } from '../call/model-call.js';
import type { Scoping } from '../document/scoping-types.js';
import type { Match } from '../document/types.js';
import { compileMatch } from './compile-match.js';

/** Compiles `match` and `exclude` into one test; it depends on the fields of `match` only, so its answer can be kept for each combination of them. */
export function compileScope({
  match,
  exclude,
}: { match: Match } & Pick<Scoping, 'exclude'>): (call: ModelCall) => boolean {
  const included = compileMatch(match);
  if (exclude === undefined) return included;
  const excluded = compileMatch(exclude);
  return (call) => included(call) && !excluded(call);
}

/** Every glob that decides whether a call is in scope, by field: what an index of guard-rails has to tell calls apart by. */
export function scopeGlobs({
  match,
  exclude,
  overrides = [],
}: { match: Match } & Pick<Scoping, 'exclude' | 'overrides'>): Match {
  if (exclude === undefined && overrides.length === 0) return match;
  const keys = Object.keys(match) as (keyof Match)[];
  const globs = Object.fromEntries(keys.map((key) => [key, [...match[key], ...(exclude?.[key] ?? [])]]));
  const environments = [...globs.environments!, ...overrides.flatMap((one) => one.environments)];
  return { ...(globs as unknown as Match), environments };
}
