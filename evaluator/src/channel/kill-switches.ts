import { killReaches } from '@guardspan/policy';
import type { KillSwitch } from '@guardspan/policy';
import type { EventPublisher, KillControl, KillState } from '../http/deps.js';
import { StoreError } from '../store/store-error.js';
import type { AuditEntry, Store } from '../store/types.js';

/** Switches in force that may wait for the disk. */
const MAX_UNRECORDED = 100;

function diskRefuses(error: unknown): boolean {
  return error instanceof StoreError && ['GUARDSPAN_STORE_COMMIT', 'GUARDSPAN_STORE_FULL'].includes(error.code);
}

/** Options of {@link KillSwitches}. */
export interface KillSwitchesOptions {
  store: Store;
  /** Seconds from epoch. */
  now: () => number;
  events: EventPublisher;
  /** Called when the list changed. */
  changed: () => void;
}

/** The scoped stops of enforcement: stored with their audit record, in force even when the disk takes no writes, and ended when they expire. */
export class KillSwitches implements KillControl {
  readonly #options: KillSwitchesOptions;
  readonly #switches = new Map<string, KillState>();
  /** Ids whose end is on its way to the store. */
  readonly #lifting = new Set<string>();
  /** In force, and not yet on record. */
  readonly #unrecorded: { state: KillState; entry: AuditEntry }[] = [];
  #recording: Promise<void> | null = null;

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

  /** True when a switch stops this guard-rail for calls of this model by this service. */
  stops(guardrail: string, model: string, service: string): boolean {
    return this.#switches.size > 0 && this.list().some(({ scope }) => killReaches(scope, guardrail, model, service));
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
    const entry = audit(state);
    let refusal: unknown;
    try {
      await this.#options.store.putKillSwitches([state], { audit: [entry] });
    } catch (error) {
      if (!diskRefuses(error) || this.#unrecorded.length >= MAX_UNRECORDED) throw error;
      // To stop is safe and urgent; the record follows when the disk takes it.
      this.#unrecorded.push({ state, entry });
      refusal = error;
    }
    this.#switches.set(state.id, state);
    this.#tell(state, 'engaged');
    if (refusal !== undefined) throw refusal;
    return state;
  }

  async lift(...[id, audit]: Parameters<KillControl['lift']>): Promise<KillState | undefined> {
    const state = this.#switches.get(id);
    if (state === undefined || this.#lifting.has(id)) return undefined;
    const lifted = { ...state, until: this.#options.now() };
    this.#lifting.add(id);
    try {
      // Its beginning is recorded before its end, or it would come back with the next start.
      if (this.#unrecorded.some((one) => one.state.id === id)) await this.#record();
      await this.#options.store.putKillSwitches([lifted], { audit: [audit(lifted)] });
    } finally {
      this.#lifting.delete(id);
    }
    this.#switches.delete(id);
    this.#tell(lifted, 'lifted');
    return lifted;
  }

  /** Ends what has expired, and tries to record what is not yet on record. */
  tick(): void {
    if (this.#unrecorded.length > 0) this.#record().catch(() => undefined);
    const now = this.#options.now();
    for (const state of this.#switches.values()) {
      if (state.until === 0 || state.until > now) continue;
      this.#switches.delete(state.id);
      this.#tell(state, 'expired');
    }
  }

  #record(): Promise<void> {
    this.#recording ??= this.#drain().finally(() => (this.#recording = null));
    return this.#recording;
  }

  async #drain(): Promise<void> {
    for (let next = this.#unrecorded[0]; next !== undefined; next = this.#unrecorded[0]) {
      await this.#options.store.putKillSwitches([next.state], { audit: [next.entry] });
      this.#unrecorded.shift();
    }
  }

  #tell(state: KillState, change: 'engaged' | 'lifted' | 'expired'): void {
    this.#options.changed();
    const { id, scope, reason, by } = state;
    this.#options.events.publish({ type: 'kill', at: this.#options.now(), data: { id, change, scope, reason, by } });
  }
}
