import type { DeltaMessage, ServerMessage } from '@guardspan/policy';
import type { ActiveDirective } from './directives/active-directive.js';
import type { DirectiveListener } from './directives/directive-manager.js';
import type { ChannelOptions } from './channel-options.js';
import type { OutgoingMessages } from './messages-out.js';
import { listenerOf } from './fleet/process-match.js';
import type { Listener } from './fleet/process-match.js';
import type { Selection } from './publication.js';
import type { Connection } from './socket/connection.js';
import { prepareFrame } from './socket/prepared-frame.js';
import type { PreparedFrame } from './socket/prepared-frame.js';

/** Longest time, in ms, for which one turn of the event loop writes to sockets; more would hold up ingest. Each turn in between delays who is last. */
const SLICE_MS = 8;
/** Sockets that are written between two looks at the clock. */
const CHUNK = 50;
/** Longest time, in ms, for which changes are collected into one broadcast. */
const COALESCE_MS = 5;
/** Shortest time, in ms, between two rebalances of shares. */
const REBALANCE_MS = 250;

interface BroadcasterOptions extends ChannelOptions {
  outgoing: OutgoingMessages;
  connections: ReadonlySet<Connection>;
}

/** Collects what changed for a few milliseconds, encodes it once for each group of like processes, and writes it in slices. */
export class Broadcaster implements DirectiveListener {
  readonly #options: BroadcasterOptions;
  readonly #selections = new Map<string, Selection>();
  #issued: ActiveDirective[] = [];
  #released: { directive: ActiveDirective; reason: string }[] = [];
  #renewed: ActiveDirective[] = [];
  #set = false;
  #kill = false;
  #shares = false;
  #scheduled = false;
  #flushedAt = 0;
  #rebalancing = false;
  #writing: Promise<void> = Promise.resolve();
  #renewing: Promise<void> = Promise.resolve();

  constructor(options: BroadcasterOptions) {
    this.#options = options;
  }

  issued(directive: ActiveDirective): void {
    this.#issued.push(directive);
    this.#schedule();
  }

  released(directive: ActiveDirective, reason: string): void {
    this.#released.push({ directive, reason });
    this.#schedule();
  }

  renewed(directives: readonly ActiveDirective[]): void {
    this.#renewed.push(...directives);
    this.#schedule();
  }

  /** A process of this group got a snapshot: what it holds is what its group hears changes of. */
  joined(group: string, listener: Listener): void {
    if (!this.#selections.has(group)) this.#selections.set(group, this.#options.publication.selection(listener));
  }

  published(): void {
    this.#set = true;
    this.#schedule();
  }

  killChanged(): void {
    this.#kill = true;
    this.#schedule();
  }

  /** A process came or went: shares are told anew, at most a few times a second. */
  rebalance(): void {
    if (this.#rebalancing || this.#options.directives.held().length === 0) return;
    this.#rebalancing = true;
    setTimeout(() => {
      this.#rebalancing = false;
      this.#shares = true;
      this.#schedule();
    }, REBALANCE_MS).unref();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const wait = COALESCE_MS - (performance.now() - this.#flushedAt);
    if (wait > 1) setTimeout(() => this.#flush(), wait);
    else setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    this.#flushedAt = performance.now();
    const groups = new Map<string, Connection[]>();
    for (const connection of this.#options.connections) {
      if (connection.instance === undefined) continue;
      const group = groups.get(connection.group);
      if (group === undefined) groups.set(connection.group, [connection]);
      else group.push(connection);
    }
    const jobs: Job[] = [];
    const renewals: Job[] = [];
    for (const [key, connections] of groups) {
      const listener = listenerOf(connections[0]!.instance!);
      const frames = this.#frames(key, listener);
      if (frames.length > 0) jobs.push({ connections, frames });
      const renewal = this.#renewal(listener);
      if (renewal !== undefined) renewals.push({ connections, frames: [renewal] });
    }
    this.#issued = [];
    this.#released = [];
    this.#renewed = [];
    this.#set = this.#kill = this.#shares = false;
    // One broadcast after the other, so that no process sees them in another order. Renewals have two thirds of a lease of time and mean the same in any
    // order (a process leaves out what it does not hold), so that they give way to all others.
    if (jobs.length > 0) this.#writing = this.#writing.then(() => this.#write(jobs, SLICE_MS));
    if (renewals.length > 0) this.#renewing = this.#renewing.then(() => this.#write(renewals, 0));
  }

  #frames(key: string, listener: Listener): Frame[] {
    const { directives, outgoing, kill } = this.#options;
    const frames: Frame[] = [];
    const add = (message: ServerMessage): void => {
      frames.push({ frame: prepareFrame(JSON.stringify(message)) });
    };
    const reached = (directive: ActiveDirective): boolean => outgoing.reaches(directive.wire, listener);
    if (this.#set) {
      const delta = this.#delta(key, listener);
      if (delta !== undefined)
        frames.push({ frame: prepareFrame(JSON.stringify(delta)), from: delta.from, to: delta.revision });
    }
    const { epoch, seq: directiveSeq } = directives;
    const issued = this.#issued.filter((directive) => directive.releasedAt === 0 && reached(directive));
    if (issued.length > 0)
      add({
        type: 'directive',
        epoch,
        directiveSeq,
        directives: issued.map(({ wire }) => outgoing.withShare(wire)),
      });
    for (const { directive, reason } of this.#released)
      if (outgoing.mayHold(directive.wire, listener))
        add({ type: 'release', epoch, directiveSeq, ids: [directive.wire.id], reason });
    const held = this.#shares ? directives.held().filter(reached) : [];
    if (held.length > 0) add({ type: 'share', epoch, shares: outgoing.shares(held.map(({ wire }) => wire)) });
    if (this.#kill) add({ type: 'kill', kill: kill.wire(listener.service) });
    return frames;
  }

  #renewal(listener: Listener): Frame | undefined {
    const { directives, outgoing } = this.#options;
    const renewed = this.#renewed.filter(
      ({ releasedAt, wire }) => releasedAt === 0 && outgoing.reaches(wire, listener),
    );
    if (renewed.length === 0) return undefined;
    const message: ServerMessage = {
      type: 'renew',
      epoch: directives.epoch,
      ids: renewed.map(({ wire }) => wire.id),
      expiresIn: renewed[0]!.wire.expiresIn,
    };
    return { frame: prepareFrame(JSON.stringify(message)) };
  }

  #delta(key: string, listener: Listener): DeltaMessage | undefined {
    const after = this.#options.publication.selection(listener);
    const before = this.#selections.get(key);
    this.#selections.set(key, after);
    if (before === after || before?.revision === after.revision) return undefined;
    const had = new Map(before?.guardrails.map((one) => [one.guardrail.metadata.name, one.revision]) ?? []);
    const names = new Set(after.guardrails.map(({ guardrail }) => guardrail.metadata.name));
    return {
      type: 'delta',
      from: before?.revision ?? '',
      revision: after.revision,
      upsert: after.guardrails.filter(({ guardrail, revision }) => had.get(guardrail.metadata.name) !== revision),
      remove: [...had.keys()].filter((name) => !names.has(name)),
      limits: [...after.limits],
    };
  }

  /** Writes in slices of about `slice` ms, between which the event loop turns; 0 makes each slice {@link CHUNK} sockets. */
  async #write(jobs: readonly Job[], slice: number): Promise<void> {
    let written = 0;
    let until = performance.now() + slice;
    for (const { connections, frames } of jobs)
      for (const connection of connections) {
        const now = this.#options.now();
        for (const { frame, from, to } of frames) {
          if (to !== undefined && !this.#follows(connection, from, to)) continue;
          connection.offer(frame, now);
        }
        if (++written % CHUNK > 0 || performance.now() < until) continue;
        await new Promise((resume) => setImmediate(resume));
        until = performance.now() + slice;
      }
  }

  /** True when the delta continues what this client has; one that has something else gets a snapshot. */
  #follows(connection: Connection, from: string | undefined, to: string): boolean {
    if (connection.sentRevision === to) return false;
    if (connection.sentRevision === from && connection.owedSince === 0) {
      connection.sentRevision = to;
      return true;
    }
    if (connection.owedSince === 0) {
      const { text, revision } = this.#options.outgoing.snapshot(listenerOf(connection.instance!));
      connection.sentRevision = revision;
      connection.sendText(text);
    }
    return false;
  }
}

interface Job {
  connections: readonly Connection[];
  frames: readonly Frame[];
}

interface Frame {
  frame: PreparedFrame;
  /** Digests, for a change of the set. */
  from?: string;
  to?: string;
}
