import type { CallSite, HelloMessage } from '@guardspan/policy';
import type { Instance, InstanceTransport } from './instance.js';
import { listenerOf } from './process-match.js';
import type { Listener } from './process-match.js';

/** Options of {@link Fleet}. Times in seconds. */
export interface FleetOptions {
  /** Wall clock, seconds from epoch. */
  now: () => number;
  /** How long a process that left stays visible. Default 600. */
  keep?: number;
  /** How long a process that pulls counts as live after its last pull. Default 30. */
  pullLive?: number;
  /** Most processes that are remembered; the longest gone leave first. Default 20,000. */
  maxInstances?: number;
}

/** Processes that are alike as far as directives go. */
export interface ProcessKind {
  listener: Listener;
  callSites: readonly CallSite[];
  count: number;
}

/** The processes that speak to this evaluator, live and lately gone. */
export class Fleet {
  readonly #instances = new Map<string, Instance>();
  readonly #byIncarnation = new Map<string, Instance>();
  readonly #listeners = new Set<() => void>();
  /** Lists of call sites are replaced, never changed. */
  readonly #siteKeys = new WeakMap<readonly CallSite[], string>();
  #kinds: ProcessKind[] | undefined;
  readonly #now: () => number;
  readonly #keep: number;
  readonly #pullLive: number;
  readonly #maxInstances: number;

  constructor(options: FleetOptions) {
    this.#now = options.now;
    this.#keep = options.keep ?? 600;
    this.#pullLive = options.pullLive ?? 30;
    this.#maxInstances = options.maxInstances ?? 20_000;
  }

  /** Adds a process, or takes over the entry of the same start of it. */
  join(hello: HelloMessage, transport: InstanceTransport): Instance {
    const key = `${hello.instance}/${hello.incarnation}`;
    const before = this.#instances.get(key);
    const now = this.#now();
    const instance: Instance = {
      key,
      instance: hello.instance,
      incarnation: hello.incarnation,
      resource: hello.resource,
      sdk: hello.sdk,
      featureLevel: hello.featureLevel,
      transport,
      capabilities: hello.capabilities,
      callSites: hello.callSites,
      targets: hello.targets,
      engines: hello.engines ?? [],
      rewriters: hello.rewriters ?? [],
      allow: hello.allow,
      connected: true,
      since: now,
      lastSeen: now,
      revision: '',
      acknowledgedAt: 0,
      nacks: [],
      applied: new Map(),
      clockOffset: before?.clockOffset ?? NaN,
      clockRoundTrip: before?.clockRoundTrip ?? Infinity,
      feedDropped: before?.feedDropped ?? 0,
      decidedSeq: before?.decidedSeq ?? 0,
    };
    this.#instances.set(key, instance);
    this.#byIncarnation.set(instance.incarnation, instance);
    this.prune();
    this.changed();
    return instance;
  }

  /** Marks a process as gone; a newer connection of the same start is left alone. */
  leave(instance: Instance): void {
    if (!instance.connected) return;
    instance.connected = false;
    instance.lastSeen = this.#now();
    if (this.#instances.get(instance.key) === instance) this.changed();
  }

  /** The clock that the fleet runs on, seconds from epoch. */
  time(): number {
    return this.#now();
  }

  get(key: string): Instance | undefined {
    return this.#instances.get(key);
  }

  /** True for a process that is connected, or that pulled lately. */
  isLive(instance: Instance): boolean {
    if (!instance.connected) return false;
    return instance.transport === 'websocket' || this.#now() - instance.lastSeen <= this.#pullLive;
  }

  live(): Instance[] {
    return this.all().filter((instance) => this.isLive(instance));
  }

  all(): Instance[] {
    return [...this.#instances.values()];
  }

  /**
   * Live processes that are alike in service, environment, feature level and call sites, counted together: a fleet is thousands of processes of a few
   * kinds. Processes that pull are counted until {@link prune} finds them gone.
   */
  kinds(): readonly ProcessKind[] {
    if (this.#kinds !== undefined) return this.#kinds;
    const kinds = new Map<string, ProcessKind>();
    for (const { connected, resource, featureLevel, callSites } of this.#instances.values()) {
      if (!connected) continue;
      let sites = this.#siteKeys.get(callSites);
      if (sites === undefined) this.#siteKeys.set(callSites, (sites = JSON.stringify(callSites)));
      const key = `${resource.service}\n${resource.environment}\n${featureLevel}\n${sites}`;
      const kind = kinds.get(key);
      if (kind === undefined) kinds.set(key, { listener: listenerOf({ resource, featureLevel }), callSites, count: 1 });
      else kind.count++;
    }
    return (this.#kinds = [...kinds.values()]);
  }

  /** True when a live or lately gone process of this service runs our instrumentation. */
  knowsService(service: string): boolean {
    for (const instance of this.#instances.values()) if (instance.resource.service === service) return true;
    return false;
  }

  /** Seconds by which the wall clock of this incarnation is ahead of ours; undefined when it was not measured. */
  clockOffset(incarnation: string): number | undefined {
    const offset = this.#byIncarnation.get(incarnation)?.clockOffset ?? NaN;
    return Number.isNaN(offset) ? undefined : offset;
  }

  /** When this start of a process confirmed a directive, seconds from epoch; undefined when it has not, since it connected last. */
  confirmedAt(incarnation: string, directive: string): number | undefined {
    return this.#byIncarnation.get(incarnation)?.applied.get(directive);
  }

  /** Calls `listener` after each join, leave or change of call sites. Returns the unsubscriber. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells the listeners that an instance's call sites, capabilities, targets or rewriters changed. */
  changed(): void {
    this.#kinds = undefined;
    for (const listener of this.#listeners) listener();
  }

  /** Forgets those that are gone for long, and those whose pulls ended. */
  prune(): void {
    const now = this.#now();
    for (const instance of this.#instances.values()) {
      if (instance.connected && instance.transport === 'sync' && !this.isLive(instance)) this.leave(instance);
      if (!instance.connected && now - instance.lastSeen > this.#keep) this.#forget(instance);
    }
    if (this.#instances.size <= this.#maxInstances) return;
    const gone = this.all()
      .filter((instance) => !instance.connected)
      .sort((a, b) => a.lastSeen - b.lastSeen);
    for (const instance of gone.slice(0, this.#instances.size - this.#maxInstances)) this.#forget(instance);
  }

  #forget(instance: Instance): void {
    this.#instances.delete(instance.key);
    if (this.#byIncarnation.get(instance.incarnation) === instance) this.#byIncarnation.delete(instance.incarnation);
  }
}
