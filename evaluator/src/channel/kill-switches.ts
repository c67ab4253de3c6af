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

/** The scoped stops of enforcement: in force at once, stored, and ended when they expire. */
export class KillSwitches implements KillControl {
  readonly #options: KillSwitchesOptions;
  readonly #switches = new Map<string, KillState>();

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

  async engage(input: Parameters<KillControl['engage']>[0]): Promise<KillState> {
    const at = this.#options.now();
    const state: KillState = { ...input, at, until: input.expiresIn === 0 ? 0 : at + input.expiresIn };
    this.#switches.set(state.id, state);
    this.#tell(state, 'engaged');
    await this.#options.store.putKillSwitches([state]);
    return state;
  }

  async lift(id: string): Promise<KillState | undefined> {
    const state = this.#switches.get(id);
    if (state === undefined) return undefined;
    const lifted = { ...state, until: this.#options.now() };
    this.#switches.delete(id);
    this.#tell(lifted, 'lifted');
    await this.#options.store.putKillSwitches([lifted]);
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
