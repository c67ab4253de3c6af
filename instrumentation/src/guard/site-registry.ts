import type { CallSite, Capability, Target } from '@guardspan/policy/runtime';
import type { SiteDeclaration, TargetDefinition } from './types.js';

const MAX_SITES = 1000;

/** Where this process guards calls, what it can do there, and which targets it declares. Filled before and after the guard starts. */
export class SiteRegistry {
  readonly #sites = new Map<string, SiteDeclaration>();
  readonly #targets = new Map<string, TargetDefinition>();
  readonly #siteTargets = new Set<string>();
  /** Targets that say how they are checked, and have not passed it. */
  readonly #down = new Set<string>();
  #listener: (() => void) | null = null;

  /** Is called whenever something new was declared. */
  onChange(listener: (() => void) | null): void {
    this.#listener = listener;
  }

  declareSite(site: SiteDeclaration): void {
    const key = `${site.client}\0${site.version}\0${site.model}\0${site.modelVersion}`;
    if (!this.#sites.has(key) && this.#sites.size >= MAX_SITES) return;
    this.#sites.set(key, site);
    for (const name of site.targets ?? []) this.#siteTargets.add(name);
    this.#listener?.();
  }

  declareTarget(target: TargetDefinition): void {
    const known = this.#targets.has(target.name);
    this.#targets.set(target.name, target);
    // Not announced and not used before it has answered once.
    const changed = target.check === undefined ? this.#down.delete(target.name) : !this.#down.has(target.name);
    if (target.check !== undefined) this.#down.add(target.name);
    if (!known || changed) this.#listener?.();
  }

  /** Undefined also for a target that does not answer its check. */
  target(name: string): TargetDefinition | undefined {
    return this.#down.has(name) ? undefined : this.#targets.get(name);
  }

  /** Targets that say how they are checked. */
  checked(): TargetDefinition[] {
    return [...this.#targets.values()].filter(({ check }) => check !== undefined);
  }

  /** What came of a check; nothing when the target was declared anew meanwhile. */
  setUp(target: TargetDefinition, up: boolean): void {
    if (this.#targets.get(target.name) !== target || up !== this.#down.has(target.name)) return;
    if (up) this.#down.delete(target.name);
    else this.#down.add(target.name);
    this.#listener?.();
  }

  /** False for a declared target that does not answer its check. */
  isUp(name: string): boolean {
    return !this.#down.has(name);
  }

  /** Declared, whether it answers or not. */
  hasTarget(name: string): boolean {
    return this.#targets.has(name) || this.#siteTargets.has(name);
  }

  /** What `hello` and `sites` say. */
  describe(): { capabilities: Capability[]; callSites: CallSite[]; targets: Target[] } {
    const capabilities = new Map<string, Capability>();
    for (const { client, version, capabilities: list } of this.#sites.values()) {
      for (const { at, actions, streamed } of list) {
        const capability = { client, version, at, actions: [...actions], streamed };
        capabilities.set(JSON.stringify(capability), capability);
      }
    }
    return {
      capabilities: [...capabilities.values()],
      callSites: [...this.#sites.values()].map(({ client, model, modelVersion }) => ({
        client,
        model,
        version: modelVersion,
      })),
      targets: [...new Set([...this.#targets.keys(), ...this.#siteTargets])]
        .filter((name) => this.isUp(name))
        .sort()
        .map((name) => ({ name })),
    };
  }
}
