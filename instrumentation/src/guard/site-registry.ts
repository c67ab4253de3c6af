import type { CallSite, Capability, Target } from '@guardspan/policy/runtime';
import type { SiteDeclaration, TargetDefinition } from './types.js';

const MAX_SITES = 1000;

/** Where this process guards calls, what it can do there, and which targets it declares. Filled before and after the guard starts. */
export class SiteRegistry {
  readonly #sites = new Map<string, SiteDeclaration>();
  readonly #targets = new Map<string, TargetDefinition>();
  readonly #siteTargets = new Set<string>();
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
    if (!known) this.#listener?.();
  }

  target(name: string): TargetDefinition | undefined {
    return this.#targets.get(name);
  }

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
      targets: [...new Set([...this.#targets.keys(), ...this.#siteTargets])].sort().map((name) => ({ name })),
    };
  }
}
