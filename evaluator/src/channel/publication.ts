import { bindGuardrails, setDigest, strictestMode } from '@guardspan/policy';
import type { Bindings, RevisedGuardrail } from '@guardspan/policy';
import { matchesProcess } from './fleet/process-match.js';
import type { ProcessIdentity } from './fleet/process-match.js';

/** The guard-rails that processes of one service and environment are told about. */
export interface Selection {
  /** Digest. */
  readonly revision: string;
  readonly guardrails: readonly RevisedGuardrail[];
  /** The guard-rails as JSON, encoded once for all processes. */
  readonly json: string;
  /** Seconds after which these guard-rails want to know of a call that has not ended: `within` of their latency tests. */
  readonly limits: readonly number[];
}

const NOTHING: Bindings = { exceptions: [], packs: [] };
/** Changes of a set up to which the selections that they are not about stay as they are. */
const FEW = 64;

/**
 * The guard-rails in force, as they are written and with what other documents say about them bound to them, and what of them each service and environment
 * needs. Guard-rails of mode `off` are in no selection.
 */
export class Publication {
  #guardrails: readonly RevisedGuardrail[] = [];
  #bound: readonly RevisedGuardrail[] = [];
  #byName = new Map<string, RevisedGuardrail>();
  readonly #selections = new Map<string, { identity: ProcessIdentity; selection: Selection }>();
  #boundByName = new Map<string, RevisedGuardrail>();

  /** Replaces the set. */
  set(guardrails: readonly RevisedGuardrail[], bindings = NOTHING): void {
    this.#guardrails = guardrails;
    this.#bound = bindGuardrails(guardrails, bindings);
    this.#byName = new Map(guardrails.map((revised) => [revised.guardrail.metadata.name, revised]));
    this.#forgetSelections();
  }

  /** Forgets the selections that a change of the set is about: a digest of thousands of guard-rails is not made again for those who hear nothing new. */
  #forgetSelections(): void {
    const before = this.#boundByName;
    this.#boundByName = new Map(this.#bound.map((revised) => [revised.guardrail.metadata.name, revised]));
    const changed: RevisedGuardrail[] = [];
    for (const [name, revised] of this.#boundByName) {
      const had = before.get(name);
      if (had?.revision !== revised.revision) changed.push(revised, ...(had === undefined ? [] : [had]));
    }
    for (const [name, had] of before) if (!this.#boundByName.has(name)) changed.push(had);
    if (changed.length > FEW) return this.#selections.clear();
    for (const [key, { identity }] of this.#selections)
      if (changed.some((revised) => isFor(revised, identity))) this.#selections.delete(key);
  }

  /** As they are written: what the engine, directives and metrics name. */
  get guardrails(): readonly RevisedGuardrail[] {
    return this.#guardrails;
  }

  /** Bound: what is decided with. */
  get bound(): readonly RevisedGuardrail[] {
    return this.#bound;
  }

  get(name: string): RevisedGuardrail | undefined {
    return this.#byName.get(name);
  }

  /** What processes of this identity need; cached until the set changes. */
  selection(identity: ProcessIdentity): Selection {
    const key = groupKey(identity);
    const known = this.#selections.get(key);
    if (known !== undefined) return known.selection;
    const guardrails = this.#bound.filter((revised) => isFor(revised, identity));
    let json: string | undefined;
    const selection: Selection = {
      revision: setDigest(guardrails),
      guardrails,
      // Most changes travel as a delta: the whole is encoded only when a process asks for it.
      get json() {
        return (json ??= JSON.stringify(guardrails));
      },
      limits: limitsOf(guardrails),
    };
    const { service, environment } = identity;
    this.#selections.set(key, { identity: { service, environment }, selection });
    return selection;
  }
}

function isFor({ guardrail: { spec } }: RevisedGuardrail, identity: ProcessIdentity): boolean {
  return strictestMode(spec) !== 'off' && matchesProcess(spec.match, identity);
}

/** Distinct limits that a process is told at most, so that one call that hangs stays a few records. */
const MAX_LIMITS = 32;

function limitsOf(guardrails: readonly RevisedGuardrail[]): number[] {
  const within = guardrails.flatMap(({ guardrail }) => {
    const test = guardrail.spec.over?.evidence?.test;
    return test?.type === 'latency' ? [test.within] : [];
  });
  return [...new Set(within)].sort((a, b) => a - b).slice(0, MAX_LIMITS);
}

/** Key of a service and environment: processes with the same key hold the same guard-rails. */
export function groupKey({ service, environment }: ProcessIdentity): string {
  return `${service}\n${environment}`;
}
