import type { Match, ModelCall } from '@guardspan/policy';

/** Plans and their entries kept before the index starts afresh: a bound on memory (about 100 MB) when names of tenants or models are unbounded. */
const MAX_SIZE = 1_000_000;

/** Fields that a plan can be told apart by: `groupBy` name, key of `match`, and how to read it. */
const FIELDS: readonly { group: string; match: keyof Match; read: (call: ModelCall) => string }[] = [
  { group: 'service', match: 'services', read: (call) => call.service },
  { group: 'model', match: 'models', read: (call) => call.model.name },
  { group: 'model_version', match: 'versions', read: (call) => call.model.version },
  { group: 'operation', match: 'operations', read: (call) => call.operation },
  { group: 'environment', match: 'environments', read: (call) => call.environment },
  { group: 'tenant', match: 'tenants', read: (call) => call.tenant },
  { group: 'feature_view', match: 'featureViews', read: (call) => call.featureView.name },
];

/** `groupBy` fields that plans are told apart by: a series of only these is the same for every call of a plan. */
export const PLAN_FIELDS: ReadonlySet<string> = new Set(FIELDS.map(({ group }) => group));

interface Node<P> {
  plan: P | undefined;
  children: Map<string, Node<P>> | undefined;
}

/**
 * Finds what to do with a call by the fields that guard-rails match or group by, so that guard-rails which do not match cost
 * nothing. The value is made once per combination of those fields; fields that no guard-rail names cost nothing either.
 */
export class PlanIndex<P extends { readonly length: number }> {
  readonly #make: (call: ModelCall) => P;
  #readers: readonly ((call: ModelCall) => string)[] = [];
  #root: Node<P> = { plan: undefined, children: undefined };
  #size = 0;

  constructor(make: (call: ModelCall) => P) {
    this.#make = make;
  }

  /** The plan of a call. */
  of(call: ModelCall): P {
    const readers = this.#readers;
    let node = this.#root;
    for (let i = 0; i < readers.length; i++) {
      const value = readers[i]!(call);
      const children = (node.children ??= new Map<string, Node<P>>());
      let next = children.get(value);
      if (next === undefined) children.set(value, (next = { plan: undefined, children: undefined }));
      node = next;
    }
    if (node.plan !== undefined) return node.plan;
    const plan = this.#make(call);
    this.#size += 1 + plan.length;
    if (this.#size > MAX_SIZE) this.#clear();
    else node.plan = plan;
    return plan;
  }

  /** Forgets all plans; from now on they depend on what these guard-rails match and group by. */
  reset(guardrails: Iterable<{ match: Match; groupBy: readonly string[] }>): void {
    const used = [...guardrails];
    this.#readers = FIELDS.filter((field) =>
      used.some(({ match, groupBy }) => match[field.match].length > 0 || groupBy.includes(field.group)),
    ).map(({ read }) => read);
    this.#clear();
  }

  #clear(): void {
    this.#root = { plan: undefined, children: undefined };
    this.#size = 0;
  }
}
