import { compileMatch, createModelCall, evidenceReads, strictestMode } from '@guardspan/policy/runtime';
import type { Guardrail, RevisedGuardrail } from '@guardspan/policy/runtime';
import type { Capture } from './types.js';

const NOTHING: Capture = { features: 'none', outputs: 'none' };
const MAX_CACHED_MODELS = 4096;

/** Names that expressions read below `root`; `all` when one reads it whole or by a computed name. */
function namesUnder(root: string, expressions: readonly string[], into: Set<string>): boolean {
  const path = root.replace('.', '\\s*\\.\\s*');
  const use = new RegExp(
    `(?<![\\w.])${path}(?![\\w])(?:\\s*\\.\\s*([A-Za-z_]\\w*)(?!\\s*\\()|\\s*\\[\\s*(?:"([^"\\\\]*)"|'([^'\\\\]*)')\\s*\\])?`,
    'g',
  );
  let whole = false;
  for (const expression of expressions) {
    for (const [, dotted, double, single] of expression.matchAll(use)) {
      const name = dotted ?? double ?? single;
      if (name === undefined) whole = true;
      else into.add(name);
    }
  }
  return whole;
}

function expressionsOf({ spec }: Guardrail): string[] {
  const signals = Object.values(spec.over?.signals ?? {}).flatMap(({ of, among }) => [of, among]);
  const evidence = spec.over?.evidence;
  if (evidence !== undefined) signals.push(...evidenceReads(evidence));
  const counters = Object.values(spec.counters ?? {}).flatMap(({ of, per }) => [of, ...per]);
  const scoping = [spec.where ?? '', spec.rollout?.by ?? '', ...counters];
  return [spec.when, spec.until, ...signals, ...(spec.over?.groupBy ?? []), ...spec.scope, ...scoping];
}

/** Which features and outputs of a model the loaded guard-rails name. Cached per model. */
export class CapturePlan {
  readonly #wanted: {
    matches: (model: string) => boolean;
    features: Set<string> | 'all';
    outputs: Set<string> | 'all';
  }[];
  readonly #cache = new Map<string, Capture>();

  constructor(guardrails: readonly RevisedGuardrail[]) {
    this.#wanted = guardrails
      .filter(({ guardrail }) => strictestMode(guardrail.spec) !== 'off')
      .map(({ guardrail }) => {
        const expressions = expressionsOf(guardrail);
        const features = new Set<string>();
        const outputs = new Set<string>();
        const allFeatures = namesUnder('features', expressions, features);
        const allOutputs = namesUnder('output.values', expressions, outputs);
        for (const { on, values } of Object.values(guardrail.spec.uses))
          for (const name of Object.keys(values ?? {})) (on === 'features' ? features : outputs).add(name);
        return {
          matches: modelMatcher(guardrail),
          features: allFeatures ? ('all' as const) : features,
          outputs: allOutputs ? ('all' as const) : outputs,
        };
      });
  }

  /** What may be read of this model's calls. */
  of(model: string): Capture {
    let capture = this.#cache.get(model);
    if (!capture) {
      if (this.#cache.size >= MAX_CACHED_MODELS) this.#cache.clear();
      const wanted = this.#wanted.filter(({ matches }) => matches(model));
      capture =
        wanted.length === 0
          ? NOTHING
          : { features: union(wanted.map((one) => one.features)), outputs: union(wanted.map((one) => one.outputs)) };
      this.#cache.set(model, capture);
    }
    return capture;
  }
}

function modelMatcher({ spec }: Guardrail): (model: string) => boolean {
  const { models } = spec.match;
  const empty: string[] = [];
  const matches = compileMatch({
    services: empty,
    models,
    versions: empty,
    environments: empty,
    tenants: empty,
    operations: empty,
    featureViews: empty,
  });
  return (model) => {
    const call = createModelCall();
    call.model.name = model;
    return matches(call);
  };
}

function union(sets: readonly (Set<string> | 'all')[]): readonly string[] | 'all' | 'none' {
  const names = new Set<string>();
  for (const set of sets) {
    if (set === 'all') return 'all';
    for (const name of set) names.add(name);
  }
  return names.size === 0 ? 'none' : [...names].sort();
}
