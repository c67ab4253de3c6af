import type { ModelCall } from '@guardspan/policy';

/** Plans kept before the index starts afresh: a bound on memory when names of tenants or models are unbounded. */
const MAX_PLANS = 20_000;
type Node<P> = Map<string, Node<P> | P>;

/**
 * Finds what to do with a call by the fields that a match may read, so that guard-rails which do not match cost nothing. The value
 * is made once per combination of fields.
 */
export class PlanIndex<P extends object> {
  readonly #make: (call: ModelCall) => P;
  #root: Node<P> = new Map();
  #size = 0;

  constructor(make: (call: ModelCall) => P) {
    this.#make = make;
  }

  /** The plan of a call. */
  of(call: ModelCall): P {
    const { model, featureView } = call;
    let node = child(this.#root, call.service);
    node = child(node, model.name);
    node = child(node, model.version);
    node = child(node, call.operation);
    node = child(node, call.environment);
    node = child(node, call.tenant);
    node = child(node, featureView.name);
    const found = node.get(featureView.version) as P | undefined;
    if (found !== undefined) return found;
    const plan = this.#make(call);
    if (++this.#size > MAX_PLANS) {
      this.clear();
      return plan;
    }
    node.set(featureView.version, plan);
    return plan;
  }

  /** Forgets all plans. */
  clear(): void {
    this.#root = new Map();
    this.#size = 0;
  }
}

function child<P>(node: Node<P>, key: string): Node<P> {
  let next = node.get(key) as Node<P> | undefined;
  if (next === undefined) node.set(key, (next = new Map()));
  return next;
}
