import { livePatternsOf } from '../detect/detect-text.js';
import { Liveness } from '../detect/stream/liveness.js';
import type { LivePattern } from '../detect/stream/liveness.js';
import { parsePattern } from '../detect/stream/parse-pattern.js';
import { strictestMode } from '../document/effective-mode.js';
import type { DetectorUse } from '../document/types.js';
import { useKey } from './use-key.js';
import type { InlinePlan } from './guardrail-set.js';

/** What decides how much of a streamed answer has to be held back for the guard-rails of a plan. */
export interface ChunkPlan {
  /** Every distinct use of a detector by these guard-rails. */
  readonly uses: readonly DetectorUse[];
  readonly liveness: Liveness;
  /** False: no guard-rail of the plan can withhold or change anything, so the answer is judged and passes as it comes. */
  readonly acts: boolean;
  /** False: no guard-rail of the plan can withhold a text or change it, so that only what tools are given waits. */
  readonly actsOnText: boolean;
  /** False: no guard-rail of the plan can change what the model says; at most one ends the answer, or changes what tools are given. */
  readonly changesTexts: boolean;
  /** True: a guard-rail of the plan reads the calls of tools, so that the arguments of one wait until they are complete. */
  readonly readsTools: boolean;
  /** True: a redaction is limited to some tools, so that no arguments go out before the name of their tool is known. */
  readonly namesTools: boolean;
  /** True: a guard-rail of the plan puts a literal in the place of texts, so that these are told from what tools are given. */
  readonly rewrites: boolean;
}

/** Stands for a pattern whose open matches cannot be followed: from every character on a match may be open, for as long as matches are. */
const ANYTHING = '[\\s\\S]+';

/** What these do changes nothing about an answer. */
const MARKS: ReadonlySet<string> = new Set(['annotate', 'sample']);

const plans = new WeakMap<InlinePlan, ChunkPlan>();

/** Detectors and liveness of the guard-rails of a plan at `chunk`; built once for each plan. Null when the plan has no guard-rail. */
export function chunkPlanOf(plan: InlinePlan): ChunkPlan | null {
  if (plan.inline.length === 0 && plan.broken.length === 0) return null;
  let known = plans.get(plan);
  if (known === undefined) plans.set(plan, (known = build(plan)));
  return known;
}

function build(plan: InlinePlan): ChunkPlan {
  const uses = new Map<string, DetectorUse>();
  for (const { guardrail } of plan.inline) {
    for (const use of Object.values(guardrail.spec.uses)) {
      uses.set(useKey(use), use);
    }
  }
  const patterns = new Map<string, LivePattern>();
  for (const use of uses.values()) {
    for (const live of livePatternsOf(use.detector, use.entities, use.pack)) {
      const key = `${live.plain === true ? 'plain' : 'exact'} ${live.pattern}`;
      const maxLength = Math.max(live.maxLength, patterns.get(key)?.maxLength ?? 0);
      patterns.set(key, { ...live, pattern: followable(live.pattern), maxLength });
    }
  }
  const broken = plan.broken.length > 0;
  const acting = plan.inline.filter(
    ({ guardrail: { spec } }) => strictestMode(spec) === 'enforce' && !MARKS.has(spec.action.type),
  );
  const readsTools = plan.inline.some(
    ({ condition, guardrail: { spec } }) => condition.roots.includes('toolCalls') || spec.rego !== undefined,
  );
  const namesTools = plan.inline.some(
    ({ guardrail: { spec } }) => spec.action.type === 'redact' && spec.action.tools !== undefined,
  );
  return {
    uses: [...uses.values()],
    liveness: new Liveness([...patterns.values()]),
    acts: broken || acting.length > 0,
    actsOnText: broken || acting.some((each) => each.readsText || each.guardrail.spec.action.type === 'rewrite'),
    changesTexts: acting.some(
      ({ guardrail: { spec } }) =>
        spec.action.type === 'rewrite' || (spec.action.type === 'redact' && spec.action.tools === undefined),
    ),
    readsTools,
    namesTools,
    rewrites: acting.some(({ guardrail: { spec } }) => spec.action.type === 'rewrite'),
  };
}

function followable(pattern: string): string {
  try {
    parsePattern(pattern);
    return pattern;
  } catch {
    return ANYTHING;
  }
}
