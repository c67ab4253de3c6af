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

/**
 * The guard-rails in force, as they are written and with what other documents say about them bound to them, and what of them each service and environment
 * needs. Guard-rails of mode `off` are in no selection.
 */
export class Publication {
  #guardrails: readonly RevisedGuardrail[] = [];
  #bound: readonly RevisedGuardrail[] = [];
  #byName = new Map<string, RevisedGuardrail>();
  readonly #selections = new Map<string, Selection>();

  /** Replaces the set. */
  set(guardrails: readonly RevisedGuardrail[], bindings = NOTHING): void {
    this.#guardrails = guardrails;
    this.#bound = bindGuardrails(guardrails, bindings);
    this.#byName = new Map(guardrails.map((revised) => [revised.guardrail.metadata.name, revised]));
    this.#selections.clear();
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
    if (known !== undefined) return known;
    const guardrails = this.#bound.filter(
      ({ guardrail }) => strictestMode(guardrail.spec) !== 'off' && matchesProcess(guardrail.spec.match, identity),
    );
    const limits = limitsOf(guardrails);
    const selection = { revision: setDigest(guardrails), guardrails, json: JSON.stringify(guardrails), limits };
    this.#selections.set(key, selection);
    return selection;
  }
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
