import type { ModelCall } from '../call/model-call.js';
import { NOTHING_FOUND } from './compile-inline.js';
import type { CompiledInline } from './compile-inline.js';
import { limitedKey } from './use-key.js';

/** A guard-rail of a plan whose condition may hold. */
export interface Asked {
  readonly guardrail: CompiledInline;
  /** Keys of its uses of detectors when the condition is false while none of them found anything; null where that is not so. */
  readonly findings: readonly string[] | null;
}

/** The fields by which a plan is chosen: the same for each of its calls. */
export type PlanFields = Pick<ModelCall, 'service' | 'model' | 'environment' | 'tenant' | 'operation' | 'featureView'>;

/** Of the guard-rails of a plan those whose condition is not false for each of its calls. None of them has counters. */
export function askedOf(inline: readonly CompiledInline[], fields: PlanFields): Asked[] {
  return inline.flatMap((guardrail) => {
    const known = knownTo(guardrail, fields);
    if (guardrail.condition.partially(known) === false) return [];
    const { uses } = guardrail.guardrail.spec;
    const names = Object.keys(uses);
    for (const name of names) if (uses[name]!.values === undefined) known[name] = NOTHING_FOUND;
    const silent = names.length > 0 && guardrail.condition.partially(known) === false;
    const findings = silent ? names.map((name) => limitedKey(uses[name]!, guardrail.limitOf(name))) : null;
    return [{ guardrail, findings }];
  });
}

/** What every call of the plan gives a guard-rail to read. Its own variables go first where they have the name of a field. */
function knownTo(
  { guardrail: { spec } }: CompiledInline,
  { service, model, environment, tenant, operation, featureView }: PlanFields,
): Record<string, unknown> {
  const known: Record<string, unknown> = Object.assign(Object.create(null), {
    service,
    model: { name: model.name, version: model.version },
    environment,
    tenant,
    operation,
    featureView: { name: featureView.name },
  });
  for (const name of Object.keys(spec.uses)) delete known[name];
  return known;
}
