import { parseDuration } from './duration.js';
import type { GuardrailDocument } from './schema.js';
import type { Counter, Scoping } from './scoping-types.js';
import type { Match } from './types.js';

type Spec = GuardrailDocument['spec'];

/** The normal form of the keys that say which calls a guard-rail acts on; what is not written stays absent. */
export function normaliseScoping(name: string, spec: Spec, normaliseMatch: (match: Spec['match']) => Match): Scoping {
  const { exclude, where, params, counters, overrides, rollout, expires } = spec;
  return {
    ...(exclude === undefined ? {} : { exclude: normaliseMatch(exclude) }),
    ...(where === undefined ? {} : { where }),
    ...(params === undefined ? {} : { params: sorted(params, (value) => value) }),
    ...(counters === undefined ? {} : { counters: sorted(counters, normaliseCounter) }),
    ...(overrides === undefined ? {} : { overrides }),
    // The name as the seed: two guard-rails of 10 % do not choose the same tenth.
    ...(rollout === undefined ? {} : { rollout: { ...rollout, seed: rollout.seed ?? name } }),
    ...(expires === undefined ? {} : { expires: Date.parse(expires) / 1000 }),
  };
}

function normaliseCounter(counter: NonNullable<Spec['counters']>[string]): Counter {
  const { per } = counter;
  const window = parseDuration(counter.window);
  return 'count' in counter
    ? { fn: 'count', of: counter.count, per, window }
    : { fn: 'sum', of: counter.sum, per, window };
}

function sorted<A, B>(map: Readonly<Record<string, A>>, change: (value: A) => B): { [key: string]: B } {
  return Object.fromEntries(
    Object.entries(map)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, change(value)]),
  );
}
