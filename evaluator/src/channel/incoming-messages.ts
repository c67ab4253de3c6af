import type { AppliedMessage, ClientMessage, DecidedMessage, DecisionsMessage } from '@guardspan/policy';
import { METRIC } from '@guardspan/policy';
import type { ChannelOptions } from './channel-options.js';
import type { Instance } from './fleet/instance.js';

/** What a process says after `hello`, whichever way it comes. A `pong` belongs to the transport that measured it. */
export type ProcessMessage = Exclude<ClientMessage, { type: 'hello' | 'pong' }>;

/** What {@link IncomingMessages} stands on. */
export type IncomingOptions = Pick<
  ChannelOptions,
  'now' | 'fleet' | 'directives' | 'metrics' | 'events' | 'onReport' | 'onDecisions'
>;

/** Carries out what processes say; knows no socket, the websocket and the pull share it. */
export class IncomingMessages {
  readonly #options: IncomingOptions;

  constructor(options: IncomingOptions) {
    this.#options = options;
  }

  /** Carries out one message at once. Decisions are confirmed when they are on record; undefined when there is nothing to confirm. Never rejects. */
  take(instance: Instance, message: ProcessMessage): Promise<DecidedMessage | undefined> | undefined {
    instance.lastSeen = this.#options.now();
    switch (message.type) {
      case 'sites':
        instance.capabilities = message.capabilities;
        instance.callSites = message.callSites;
        instance.targets = message.targets;
        instance.engines = message.engines ?? [];
        instance.rewriters = message.rewriters ?? [];
        this.#options.fleet.changed();
        return undefined;
      case 'ack':
        this.#acknowledged(instance, message.revision);
        instance.nacks = [];
        this.fleetEvent(instance, 'ack');
        return undefined;
      case 'nack':
        this.#acknowledged(instance, message.revision);
        instance.nacks = message.errors;
        this.fleetEvent(instance, 'nack');
        return undefined;
      case 'applied':
        this.#applied(instance, message);
        return undefined;
      case 'report':
        instance.feedDropped = message.feedDropped;
        this.#options.onReport(instance, message);
        return undefined;
      case 'decisions':
        return this.#decisions(instance, message);
    }
  }

  /** Counts a message of any type. */
  count(message: ClientMessage): void {
    this.#options.metrics.add(METRIC.CHANNEL_MESSAGES, { type: message.type }, 1);
  }

  /** Tells the event stream what became of a process. */
  fleetEvent(instance: Instance, change: string): void {
    const { service, environment } = instance.resource;
    const data = { change, service, environment, instance: instance.instance, revision: instance.revision };
    this.#options.events.publish({ type: 'fleet', at: this.#options.now(), data });
  }

  #acknowledged(instance: Instance, revision: string): void {
    // A set that is acknowledged once more did not arrive anew.
    if (instance.revision !== revision) instance.acknowledgedAt = this.#options.now();
    instance.revision = revision;
  }

  #applied(instance: Instance, { directives: applied, released }: AppliedMessage): void {
    for (const id of released) instance.applied.delete(id);
    for (const id of applied) {
      const directive = this.#options.directives.get(id);
      if (directive === undefined || instance.applied.has(id)) continue;
      instance.applied.set(id, this.#options.now());
      // Who joins later applies an old directive: that says nothing about propagation.
      if (instance.since <= directive.issuedAt)
        this.#options.metrics.observe(METRIC.PROPAGATION, Math.max(0, this.#options.now() - directive.issuedAt));
    }
  }

  async #decisions(
    instance: Instance,
    { seq, records, dropped }: DecisionsMessage,
  ): Promise<DecidedMessage | undefined> {
    // After a reconnect a process repeats what was not confirmed: records are numbered without gaps.
    const fresh = records.slice(Math.max(0, records.length - Math.max(0, seq - instance.decidedSeq)));
    instance.decidedSeq = Math.max(instance.decidedSeq, seq);
    try {
      await this.#options.onDecisions(instance, fresh, dropped);
      return { type: 'decided', seq };
    } catch {
      // Not confirmed, so the process keeps and repeats them; the store's state is shown by its own metric.
      instance.decidedSeq = Math.min(instance.decidedSeq, seq - fresh.length);
      return undefined;
    }
  }
}
