import type { KillSwitch } from '@guardspan/policy';
import type { EventPublisher, KillControl, KillState } from '../http/deps.js';
import type { Store } from '../store/types.js';

/** Options of {@link KillSwitches}. */
export interface KillSwitchesOptions {
  store: Store;
  /** Seconds from epoch. */
  now: () => number;
  events: EventPublisher;
  /** Called when the list changed. */
  changed: () => void;
}

/** The scoped stops of enforcement: stored with their audit record, then in force, and ended when they expire. */
export class KillSwitches implements KillControl {
  readonly #options: KillSwitchesOptions;
  readonly #switches = new Map<string, KillState>();
  /** Ids whose end is on its way to the store. */
  readonly #lifting = new Set<string>();

  constructor(options: KillSwitchesOptions) {
    this.#options = options;
  }

  /** Loads what the store holds. */
  async restore(): Promise<void> {
    const now = this.#options.now();
    for (const state of await this.#options.store.killSwitches())
      if (state.until === 0 || state.until > now) this.#switches.set(state.id, state);
  }

  list(): KillState[] {
    const now = this.#options.now();
    return [...this.#switches.values()].filter(({ until }) => until === 0 || until > now);
  }

  /** The switches that processes of a service must know, with the time that is left. */
  wire(service: string): KillSwitch[] {
    const now = this.#options.now();
    return this.list()
      .filter(({ scope }) => scope.service === '' || scope.service === service)
      .map(({ id, scope, reason, by, until }) => ({
        id,
        scope,
        reason,
        by,
        // A switch without an end says 0, so one that is about to end must not.
        expiresIn: until === 0 ? 0 : Math.max(0.001, until - now),
      }));
  }

  async engage(...[input, audit]: Parameters<KillControl['engage']>): Promise<KillState> {
    const at = this.#options.now();
    const state: KillState = { ...input, at, until: input.expiresIn === 0 ? 0 : at + input.expiresIn };
    await this.#options.store.putKillSwitches([state], { audit: [audit(state)] });
    this.#switches.set(state.id, state);
    this.#tell(state, 'engaged');
    return state;
  }

  async lift(...[id, audit]: Parameters<KillControl['lift']>): Promise<KillState | undefined> {
    const state = this.#switches.get(id);
    if (state === undefined || this.#lifting.has(id)) return undefined;
    const lifted = { ...state, until: this.#options.now() };
    this.#lifting.add(id);
    try {
      await this.#options.store.putKillSwitches([lifted], { audit: [audit(lifted)] });
    } finally {
      this.#lifting.delete(id);
    }
    this.#switches.delete(id);
    this.#tell(lifted, 'lifted');
    return lifted;
  }

  /** Ends what has expired. */
  tick(): void {
    const now = this.#options.now();
    for (const state of this.#switches.values()) {
      if (state.until === 0 || state.until > now) continue;
      this.#switches.delete(state.id);
      this.#tell(state, 'expired');
    }
  }

  #tell(state: KillState, change: 'engaged' | 'lifted' | 'expired'): void {
    this.#options.changed();
    const { id, scope, reason, by } = state;
    this.#options.events.publish({ type: 'kill', at: this.#options.now(), data: { id, change, scope, reason, by } });
  }
}
